import { ACCOUNT, type Deployed, FOREIGN_ACCOUNT } from '../app/policies';
import type { Denied, Grant } from './rows';

const INVOKE = ['sagemaker:InvokeEndpoint'];

const endpointsOf = ({ plan }: Deployed) => plan.topology.endpoints;

/** Invoking exactly the endpoints of the plan; of a shared one, with models of its specialists. */
export function invocations(app: Deployed): Grant[] {
  return endpointsOf(app).map(({ name, mode, specialists }) => ({
    actions: INVOKE,
    resources: [app.arn('sagemaker', `endpoint/${name}`)],
    ...(mode === 'shared' && { where: { 'sagemaker:TargetModel': specialists.map((one) => `${one}/*`) } }),
  }));
}

/** An endpoint's neighbours: whatever is nearly it. */
function neighbours(endpoint: string): Record<string, string> {
  return {
    'another endpoint of the account': endpoint.replace(/[^/]+$/, 'another'),
    'the same name in another account': endpoint.replace(ACCOUNT, FOREIGN_ACCOUNT),
    'the same name in another region': endpoint.replace(/:[a-z]+-[a-z]+-\d:/, ':eu-west-3:'),
    'the same name in another partition': endpoint.replace('arn:aws:', 'arn:aws-cn:'),
    'a name that goes on behind its own': `${endpoint}-2`,
    'a name that ends in its own': endpoint.replace('/', '/a-'),
    'its name in other letters': endpoint.replace(/[^/]+$/, (name) => name.toUpperCase()),
    'an inference component': endpoint.replace(':endpoint/', ':inference-component/'),
    'no endpoint at all': '*',
  };
}

/** Whatever else somebody who may invoke the plan's endpoints could try with endpoints. */
export function otherInvocations(app: Deployed): Denied[] {
  const { arn } = app;
  const own = endpointsOf(app).map(({ name }) => arn('sagemaker', `endpoint/${name}`));
  const first = endpointsOf(app)[0]?.specialists[0] ?? 'general';
  const context = targeting(`${first}/model.tar.gz`);
  return [
    ...own.flatMap((endpoint) =>
      Object.entries(neighbours(endpoint)).map(([what, resource]) => ({
        what: `${what} (${endpoint})`,
        actions: INVOKE,
        resources: [resource],
        context,
      })),
    ),
    ...endpointsOf(app)
      .filter(({ mode }) => mode === 'shared')
      .flatMap(({ name }) =>
        [{}, ...['other/model.tar.gz', `x${first}/model.tar.gz`, first, '*'].map(targeting)].map(
          (target) => ({
            what: `the model of nobody in the plan, ${JSON.stringify(target)}`,
            actions: INVOKE,
            resources: [arn('sagemaker', `endpoint/${name}`)],
            context: target,
          }),
        ),
      ),
    {
      what: 'anything else with its endpoints',
      actions: [
        'InvokeEndpointAsync',
        'InvokeEndpointWithResponseStream',
        'CreateEndpoint',
        'UpdateEndpoint',
        'UpdateEndpointWeightsAndCapacities',
        'DeleteEndpoint',
        'DescribeEndpoint',
        'ListEndpoints',
      ].map((name) => `sagemaker:${name}`),
      resources: [...own, '*'],
      context,
    },
  ];
}

function targeting(model: string): Record<string, string> {
  return { 'sagemaker:TargetModel': model };
}
