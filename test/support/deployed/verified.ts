import { planEnvironment } from '../../../lib/plan/load-plan';
import type { DeploymentPlan } from '../../../lib/plan/deployment-plan';
import type { EndpointPlan } from '../../../lib/plan/hosting/endpoint-plan';
import { projectPath } from '../../../lib/util/project-path';
import type { Check, CheckKind } from '../../../lib/verify/check-outcome';
import type { HowMany } from '../../../lib/verify/serving/check-golden-rows';
import { createReader } from '../../../lib/verify/verify-reader';
import { type ExpectedModels, readExpectedModels } from '../../../lib/verify/expected-models';
import { type VerifyDocument, verifyDeployment } from '../../../lib/verify/verify-deployment';
import { against } from '../aws/collect';
import type { StandInBehaviour } from '../aws/aws-stand-in';
import { type DeployedAccount, deployedAccount, deployedHandlers } from './deployed-account';
import { type FunctionUrlBehaviour, startFunctionUrl } from '../aws/function-url-stand-in';

const dev = planEnvironment('dev', {});
export const tree = readExpectedModels(dev.environment, {
  models: projectPath('models'),
  root: projectPath(),
});

const base = { updateStrategy: 'rolling', p95Ms: 50 } as const;
const fleet = { architecture: 'arm64', instanceType: 'ml.m6g.large' } as const;

export const SERVERLESS: EndpointPlan = {
  ...base,
  name: 'mini-xdr-dev-general-serverless',
  mode: 'serverless',
  specialists: ['general'],
  memoryMb: 2048,
  maxConcurrency: 4,
  provisionedConcurrency: 2,
  scaling: { kind: 'provisioned-concurrency', min: 1, max: 3, targetUtilization: 0.7 },
};
export const DEDICATED: EndpointPlan = {
  ...base,
  ...fleet,
  name: 'mini-xdr-dev-ddos-m6g-large',
  mode: 'dedicated',
  specialists: ['ddos'],
  minInstances: 1,
  initialInstances: 2,
  maxInstances: 4,
  scaling: { kind: 'instances', min: 1, max: 4, targetInvocationsPerMinute: 900, targetCpuPercent: 50 },
};
export const SHARED: EndpointPlan = {
  ...base,
  ...fleet,
  name: 'mini-xdr-dev-bruteforce-webattacks-shared-m6g-large',
  mode: 'shared',
  specialists: ['bruteforce', 'webattacks'],
  minInstances: 1,
  initialInstances: 1,
  maxInstances: 1,
  scaling: { kind: 'fixed' },
};

/** One endpoint of every kind. */
export const PLAN: DeploymentPlan = {
  ...dev.plan,
  topology: { endpoints: [SERVERLESS, DEDICATED, SHARED], embedded: [], updateOrder: 'together' },
};

export interface Situation {
  readonly models?: ExpectedModels;
  readonly plan?: DeploymentPlan;
  /** What is otherwise in the account. */
  readonly account?: (account: DeployedAccount) => void;
  readonly aws?: StandInBehaviour;
  readonly url?: FunctionUrlBehaviour;
  readonly golden?: HowMany;
  readonly timeMs?: number;
}

export interface Verified extends VerifyDocument {
  /** Everything that is not ok. */
  readonly wrong: readonly Check[];
  readonly actions: readonly string[];
  readonly asked: readonly (number | undefined)[];
}

/** Verifies what a plan deployed, but for what a situation changes. */
export async function verified(situation: Situation = {}): Promise<Verified> {
  const { plan = PLAN, models = tree, account: change, aws, url, golden = 'all', timeMs = 5_000 } = situation;
  const door = await startFunctionUrl(url);
  const account = deployedAccount(plan, tree, door.url);
  change?.(account);
  try {
    return await against({ ...aws, handlers: deployedHandlers(account) }, async ({ actions }) => {
      const signal = AbortSignal.timeout(timeMs);
      const reader = createReader({ region: 'us-east-1', signal, random: () => 0 });
      const document = await verifyDeployment({ plan, tree: models, howMany: golden }, reader);
      reader.close();
      const wrong = document.checks.filter(({ outcome }) => outcome !== 'ok');
      const asked = door.invocations.map(({ instances }) => instances?.length);
      return { ...document, wrong, actions, asked };
    });
  } finally {
    await door.close();
  }
}

export const about = (checks: readonly Check[]) =>
  checks.map(({ kind, subject, outcome }) => [kind, subject, outcome] as const);
export const said = (checks: readonly Check[]) => checks.flatMap(({ details }) => details).join('\n');
export const kinds = (checks: readonly Check[]) => new Set<CheckKind>(checks.map(({ kind }) => kind));
