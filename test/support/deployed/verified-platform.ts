import type { Environment } from '../../../lib/config/environment';
import { type Check, worst } from '../../../lib/verify/check-outcome';
import { checkDatabase, checkPlatform } from '../../../lib/verify/platform/check-platform';
import { createReader } from '../../../lib/verify/verify-reader';
import { against } from '../aws/collect';
import type { StandInBehaviour } from '../aws/aws-stand-in';
import { deployedAccount, deployedHandlers } from './deployed-account';
import type { DeployedPlatform } from './deployed-platform';
import { PLAN, tree } from './verified';

const { environment: DEV } = PLAN;
const IMAGE = { image: `sha256:${'0'.repeat(64)}`, architectures: ['amd64' as const] };
const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/0123';

/** Everything that a platform and a database can have. */
export const FULL: Environment = {
  ...DEV,
  platform: {
    ...DEV.platform,
    adminPrincipal: 'role/mini-xdr-administrator',
    certificateArn: CERTIFICATE,
    workloads: { ...DEV.platform.workloads, images: { backend: IMAGE, frontend: IMAGE } },
  },
  protection: { ...DEV.protection, deletionProtection: true },
};
/** Neither certificate nor images. */
export const BARE: Environment = DEV;

export interface PlatformSituation {
  /** @default {@link FULL} */
  readonly environment?: Environment;
  /** What is otherwise in the account. */
  readonly change?: (account: DeployedPlatform, stacks: Record<string, string>) => void;
  readonly aws?: StandInBehaviour;
  readonly timeMs?: number;
}

/** The checks of platform and database alone, as a verification makes them. */
export async function examined({ environment = FULL, change, aws, timeMs = 5_000 }: PlatformSituation = {}) {
  const account = deployedAccount({ ...PLAN, environment }, tree, 'https://localhost/');
  change?.(account.platform, account.stacks);
  return against({ ...aws, handlers: deployedHandlers(account) }, async ({ actions }) => {
    const signal = AbortSignal.timeout(timeMs);
    const reader = createReader({ region: 'us-east-1', signal, random: () => 0 });
    const parts = await Promise.all([checkPlatform(environment, reader), checkDatabase(environment, reader)]);
    reader.close();
    const checks: Check[] = parts.flat();
    const wrong = checks.filter(({ outcome }) => outcome !== 'ok');
    return { checks, wrong, verdict: worst(checks.map(({ outcome }) => outcome)), actions };
  });
}
