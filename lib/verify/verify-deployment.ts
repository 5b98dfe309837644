import { SPECIALISTS, type Specialist } from '../../models/catalogue';
import type { DeploymentPlan } from '../plan/deployment-plan';
import { askThroughUrl } from '../client/function-url-client';
import { servingStack } from '../client/locate-function';
import { signer } from '../client/request-signer';
import { type Check, type CheckOutcome, worst } from './check-outcome';
import { createdConfigs } from './serving/deployed-configs';
import { readDeployed } from './deployed-stack';
import { checkEndpoints } from './serving/check-endpoints';
import { modelsUnderTest } from './serving/model-under-test';
import { checkFrontDoor } from './serving/check-function-url';
import { checkImages } from './platform/check-images';
import { type HowMany, checkGolden } from './serving/check-golden-rows';
import { checkDatabase, checkPlatform } from './platform/check-platform';
import type { Reader } from './verify-reader';
import { checkScaling } from './serving/check-scaling';
import { checkStacks } from './check-stacks';
import type { ExpectedModels } from './expected-models';

/** What `xdr verify` says. */
export interface VerifyDocument {
  readonly schemaVersion: 1;
  readonly environment: string;
  readonly region: string;
  readonly verdict: CheckOutcome;
  readonly checks: readonly Check[];
}

export interface VerifyOptions {
  readonly plan: DeploymentPlan;
  readonly tree: ExpectedModels;
  readonly howMany: HowMany;
}

function keysOf(tree: ExpectedModels): Record<Specialist, string> {
  return Object.fromEntries(SPECIALISTS.map((name) => [name, tree[name].key])) as Record<Specialist, string>;
}

/**
 * Holds what is deployed against the plan and the models of the tree. Every check is made, whatever became of the
 * others; one that cannot be made is undetermined. Never rejects for what AWS answers.
 */
export async function verifyDeployment(
  { plan, tree, howMany }: VerifyOptions,
  reader: Reader,
): Promise<VerifyDocument> {
  const { environment, target, topology } = plan;
  const { endpoints } = topology;
  const models = async () => {
    const stack = await readDeployed(servingStack(environment.name), reader);
    const expected = {
      environment: environment.name,
      created: createdConfigs(stack),
      keys: keysOf(tree),
    };
    const checks = await Promise.all([
      checkImages(stack, reader),
      checkEndpoints(endpoints, expected, reader),
    ]);
    return checks.flat();
  };
  const answers = async () => {
    const { check, url } = await checkFrontDoor(environment.name, reader);
    const sign = signer(reader.region, reader.credentials);
    const ask = url === undefined ? undefined : askThroughUrl(url, sign, { signal: reader.signal });
    return [check, ...(await checkGolden(modelsUnderTest(plan, tree), howMany, ask))];
  };
  const parts = await Promise.all([
    checkStacks(environment, reader),
    models(),
    checkScaling(endpoints, reader),
    checkPlatform(environment, reader),
    checkDatabase(environment, reader),
    answers(),
  ]);
  const checks = parts.flat();
  return {
    schemaVersion: 1,
    environment: environment.name,
    region: target.region,
    verdict: worst(checks.map(({ outcome }) => outcome)),
    checks,
  };
}
