import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  type DescribeEndpointOutput,
  DescribeModelCommand,
} from '@aws-sdk/client-sagemaker';
import type { Specialist } from '../../../models/catalogue';
import type { EndpointPlan } from '../../plan/hosting/endpoint-plan';
import { type Check, type Found, checkOf, failed, ok, undetermined } from '../check-outcome';
import type { CreatedConfigs } from './deployed-configs';
import { modelFound } from './check-model';
import type { Reader } from '../verify-reader';
import { supersededFound } from './check-superseded';
import { variantFound } from './check-variant';

/** What the endpoints are held against. */
export interface EndpointsExpected {
  /** Name of the environment. */
  readonly environment: string;
  readonly created: CreatedConfigs;
  /** Key of each specialist's artifact, as the tree has it. */
  readonly keys: Readonly<Record<Specialist, string>>;
}

/** A state that passes by itself. (SageMaker: DescribeEndpoint, EndpointStatus.) */
const PASSING = new Set<string>(['Creating', 'Updating', 'SystemUpdating']);

function statusFound({ EndpointStatus: status, FailureReason: reason }: DescribeEndpointOutput): Found {
  if (status === 'InService') return ok('InService');
  const why =
    reason === undefined
      ? `is ${status ?? 'in no known state'}`
      : `is ${status ?? 'in no known state'}: ${reason}`;
  if (status !== undefined && PASSING.has(status))
    return undetermined(why, 'verify again when it is InService');
  return failed(why, "see the endpoint's log for why the model does not start, mend it and deploy again");
}

/** After a failed update SageMaker goes back to the configuration before, and says InService. */
function configFound(plan: EndpointPlan, live: string | undefined, created: CreatedConfigs): Found {
  const expected = created(plan.name);
  if (expected.state === 'unknown') return expected.found;
  if (expected.state === 'absent') {
    return failed(
      'the Serving stack did not create it',
      'deploy the plan of this tree, or name the report of what runs with --current',
    );
  }
  // SageMaker's names are unique in any case. (API: CreateEndpoint, EndpointName.)
  if (expected.value.toLowerCase() === live?.toLowerCase()) return ok(`configuration ${live}`);
  return failed(
    `runs configuration ${live ?? 'none'}, but the stack created ${expected.value}: its last update was rolled back`,
    'delete nothing, and follow docs/runbook.md#rolled-back-by-sagemaker',
  );
}

async function configAndModel(
  plan: EndpointPlan,
  endpoint: DescribeEndpointOutput,
  { keys, environment, created }: EndpointsExpected,
  reader: Reader,
): Promise<Found[]> {
  const { sageMaker, read, signal: abortSignal } = reader;
  const { EndpointConfigName } = endpoint;
  const gone = (what: string) => [failed(`its ${what} no longer exists`, 'deploy again from this tree')];
  const config = await read('sagemaker:DescribeEndpointConfig', () =>
    sageMaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName }), { abortSignal }),
  );
  if (config.state === 'unknown') return [config.found];
  if (config.state === 'absent') return gone('configuration');
  const variants = variantFound(plan, config.value, endpoint);
  const ModelName = config.value.ProductionVariants?.[0]?.ModelName;
  if (ModelName === undefined) return variants;
  const model = await read('sagemaker:DescribeModel', () =>
    sageMaker.send(new DescribeModelCommand({ ModelName }), { abortSignal }),
  );
  if (model.state === 'unknown') return [...variants, model.found];
  if (model.state === 'absent') return [...variants, ...gone('model')];
  const asCreated = configFound(plan, EndpointConfigName, created).outcome === 'ok';
  const superseded =
    asCreated && EndpointConfigName !== undefined
      ? await supersededFound({ config: EndpointConfigName, model: ModelName }, environment, reader)
      : [];
  return [...variants, ...modelFound(plan, model.value, keys), ...superseded];
}

async function foundOf(plan: EndpointPlan, expected: EndpointsExpected, reader: Reader): Promise<Found[]> {
  const { sageMaker, read, signal: abortSignal } = reader;
  const answer = await read('sagemaker:DescribeEndpoint', () =>
    sageMaker.send(new DescribeEndpointCommand({ EndpointName: plan.name }), { abortSignal }),
  );
  if (answer.state === 'unknown') return [answer.found];
  if (answer.state === 'absent') {
    return [failed('does not exist', 'deploy it, or name the report of what runs with --current')];
  }
  const endpoint = answer.value;
  return [
    statusFound(endpoint),
    configFound(plan, endpoint.EndpointConfigName, expected.created),
    ...(await configAndModel(plan, endpoint, expected, reader)),
  ];
}

/**
 * Whether every endpoint of the plan is in service, on the configuration that the stack created, of the planned size,
 * with the model of the tree.
 */
export async function checkEndpoints(
  endpoints: readonly EndpointPlan[],
  expected: EndpointsExpected,
  reader: Reader,
): Promise<Check[]> {
  return Promise.all(
    endpoints.map(async (plan) => checkOf('endpoint', plan.name, await foundOf(plan, expected, reader))),
  );
}
