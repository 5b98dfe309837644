import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { Proposal } from '../../../lib/quota-requests/propose-increases';
import { type StandIn, type StandInQuota, quotaStandIn } from './quota-stand-in';

/** A client of the stand-in. */
export function clientOf({ endpoint }: Pick<StandIn, 'endpoint'>, maxAttempts = 2): ServiceQuotasClient {
  return new ServiceQuotasClient({
    endpoint,
    region: 'us-east-1',
    maxAttempts,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
  });
}

export const INSTANCES: StandInQuota = {
  service: 'sagemaker',
  code: 'L-7A3DF611',
  name: 'Number of instances across active endpoints',
  value: 2,
  default: 4,
};

export const VCPUS: StandInQuota = {
  service: 'ec2',
  code: 'L-1216C47A',
  name: 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances',
  default: 5,
};

/** A proposal to raise a quota of the stand-in. */
export function proposalFor(
  { service, code, name, value, default: standard }: StandInQuota,
  desired: number,
  changes: Partial<Proposal> = {},
): Proposal {
  return {
    key: `${service}/${code}`,
    service,
    code,
    name,
    from: value ?? standard,
    desired,
    justification: 'because the plan needs it',
    filing: { way: 'service-quotas' },
    ...changes,
  };
}

/** Stand-ins of a test file; each is closed when its test ends. */
export function standIns(): typeof quotaStandIn {
  const started: StandIn[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map(async ({ close }) => close()));
  });
  return async (account) => {
    const standIn = await quotaStandIn(account);
    started.push(standIn);
    return standIn;
  };
}
