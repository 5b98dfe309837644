import type { Specialist } from '../../../models/catalogue';
import { instanceCandidates } from '../../../lib/plan/candidates/instance-candidate';
import type { EndpointPlan } from '../../../lib/plan/hosting/endpoint-plan';
import { loadPriceBook } from '../../../lib/pricing/price-book';
import { HOSTING_TYPES, type HostingType } from '../../../lib/quotas/quota-catalogue';
import { assess } from '../../../lib/compliance/apply-compliance';
import { ModelEndpoint } from '../../../lib/constructs/serving/model-endpoint';
import { EncryptionKey } from '../../../lib/constructs/common/encryption-key';
import { projectPath } from '../../../lib/util/project-path';
import { EnvironmentStack } from '../../../lib/stacks/environment-stack';
import { ModelStoreStack } from '../../../lib/stacks/model-store-stack';
import { environmentWith } from '../../support/stacks/infrastructure';
import { projectApp } from '../../support/app/serving-app';
import { TEST_PROFILES } from '../../support/plan/plan-profiles';

const familyOf = ({ instanceType }: HostingType) => instanceType.split('.')[1] ?? '';

/** The smallest type of each family: what is particular to a family shows on any of its sizes. */
function smallestOfEachFamily(): HostingType[] {
  const smallest = new Map<string, HostingType>();
  for (const type of HOSTING_TYPES.values()) {
    const known = smallest.get(familyOf(type));
    if (known === undefined || type.vcpus < known.vcpus) smallest.set(familyOf(type), type);
  }
  return [...smallest.values()];
}

const GROUPS: Readonly<Record<string, readonly Specialist[]>> = {
  dedicated: ['general'],
  shared: ['ddos', 'webattacks'],
};

/** What the planner makes of a type for a group; burstable ones only where nothing has to scale. */
function plansFor(type: HostingType, group: readonly Specialist[]): EndpointPlan[] {
  const environment = environmentWith({ availability: { autoscaling: !type.burstable } });
  const context = {
    environment,
    region: 'us-east-1',
    prices: loadPriceBook('us-east-1'),
    profiles: TEST_PROFILES,
  };
  return instanceCandidates(context, group, [type]).flatMap(({ endpoint }) => endpoint ?? []);
}

describe('an instance type that the planner may choose', () => {
  const types = smallestOfEachFamily();
  const app = projectApp();
  const environment = environmentWith();
  const { store } = new ModelStoreStack(app, 'ModelStore', {
    environment,
    modelsFolder: projectPath('models'),
  });
  // A stack for each group: one with all of them has more than the 500 resources that CloudFormation takes.
  const plans = Object.entries(GROUPS).flatMap(([mode, group]) => {
    const stack = new EnvironmentStack(app, mode, { environment });
    const encryptionKey = new EncryptionKey(stack, 'Key', { environment, description: 'Volumes' });
    const planned = types.flatMap((type) => plansFor(type, group));
    for (const plan of planned) {
      new ModelEndpoint(stack, plan.name, { environment, plan, store, encryptionKey });
    }
    return planned;
  });
  const { outstanding, stale } = assess(app);

  it('is one of every family that SageMaker hosts on: x86 and arm, burstable, with storage and with one vCPU', () => {
    expect(plans).toHaveLength(2 * types.length);
    expect(types.length).toBeGreaterThan(20);
    expect(new Set(types.map(({ architecture }) => architecture))).toEqual(new Set(['x86_64', 'arm64']));
    expect(types.some(({ burstable }) => burstable)).toBe(true);
    expect(types.some(({ vcpus }) => vcpus === 1)).toBe(true);
    expect(types.map(familyOf)).toEqual(expect.arrayContaining(['c6gd', 'm5d']));
  });

  it('passes every compliance pack when it is synthesized', () => {
    expect(outstanding.map(({ rule, path }) => `${rule} at ${path}`)).toEqual([]);
  });

  it('accepts no finding that is not there', () => {
    expect(stale).toEqual([]);
  });
});
