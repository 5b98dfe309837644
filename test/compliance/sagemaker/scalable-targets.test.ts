import { Stack } from 'aws-cdk-lib';
import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import { addEndpoint, breachesOf, type Hosting, onInstances, scale, serverless } from './sagemaker-fixture';

function quota(limit: number | undefined) {
  return { instanceQuota: () => limit };
}

function twoEndpoints(stack: Stack): void {
  scale(addEndpoint(stack, [onInstances()], { id: 'First' }), { max: 2 });
  scale(addEndpoint(stack, [onInstances()], { id: 'Second' }), { max: 2 });
}

function threeBurstable(stack: Stack): void {
  addEndpoint(stack, [onInstances({ instanceType: 'ml.t2.medium', initialInstanceCount: 3 })]);
}

function deployAgain(stack: Stack, { config }: Hosting): void {
  new sagemaker.CfnEndpoint(stack, 'Again', { endpointConfigName: config.attrEndpointConfigName });
}

function fourFleets(stack: Stack): void {
  const shadowProductionVariants = [onInstances({ variantName: 'shadow' })];
  deployAgain(stack, addEndpoint(stack, [onInstances()], { config: { shadowProductionVariants } }));
}

function poolOfTen(stack: Stack): void {
  addEndpoint(stack, [serverless(4)], { id: 'First' });
  addEndpoint(stack, [serverless(6)], { id: 'Second' });
  addEndpoint(stack, [onInstances()], { id: 'Third' });
}

describe('every instance variant that can scale does', () => {
  const rule = 'ScaledVariants';

  it('refuses a fixed fleet on a type that could scale', () => {
    expect(breachesOf(rule, (stack) => void addEndpoint(stack, [onInstances()]))).toEqual([
      `${rule}[Variant::main::ml.m6g.large]`,
    ]);
  });

  it('refuses the one variant that was forgotten', () => {
    const found = breachesOf(rule, (stack) => {
      const hosting = addEndpoint(stack, [onInstances(), onInstances({ variantName: 'canary' })]);
      scale(hosting);
    });
    expect(found).toEqual([`${rule}[Variant::canary::ml.m6g.large]`]);
  });

  it("does not take another endpoint's scaling for its own", () => {
    const found = breachesOf(rule, (stack) => {
      scale(addEndpoint(stack, [onInstances()], { id: 'First' }));
      addEndpoint(stack, [onInstances()], { id: 'Second' });
    });
    expect(found).toHaveLength(1);
  });

  it('refuses a configuration that a second endpoint deploys without scaling', () => {
    const found = breachesOf(rule, (stack) => {
      const hosting = addEndpoint(stack, [onInstances()]);
      scale(hosting);
      deployAgain(stack, hosting);
    });
    expect(found).toEqual([`${rule}[Variant::main::ml.m6g.large]`]);
  });

  it('asks nothing of shadow variants', () => {
    const found = breachesOf(rule, (stack) => {
      const shadow = onInstances({ variantName: 'shadow' });
      scale(addEndpoint(stack, [onInstances()], { config: { shadowProductionVariants: [shadow] } }));
    });
    expect(found).toEqual([]);
  });

  it('does not take the scaling of another dimension for its own', () => {
    const found = breachesOf(rule, (stack) => {
      const target = scale(addEndpoint(stack, [onInstances()]));
      target.addPropertyOverride('ScalableDimension', 'sagemaker:variant:DesiredProvisionedConcurrency');
    });
    expect(found).toHaveLength(1);
  });

  it('accepts scaled variants, by reference to the endpoint', () => {
    expect(breachesOf(rule, (stack) => void scale(addEndpoint(stack, [onInstances()])))).toEqual([]);
  });

  it('accepts scaled variants, by name of the endpoint, from another stack', () => {
    const found = breachesOf(rule, (stack) => {
      addEndpoint(stack, [onInstances()], { endpoint: { endpointName: 'dev-general' } });
      new scaling.CfnScalableTarget(new Stack(stack.node.root, 'Other'), 'Scaling', {
        serviceNamespace: 'sagemaker',
        scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
        resourceId: 'endpoint/dev-general/variant/main',
        minCapacity: 1,
        maxCapacity: 2,
      });
    });
    expect(found).toEqual([]);
  });

  it('accepts instances that SageMaker scales itself', () => {
    const managedInstanceScaling = { status: 'ENABLED', minInstanceCount: 0, maxInstanceCount: 2 };
    expect(
      breachesOf(rule, (stack) => void addEndpoint(stack, [onInstances({ managedInstanceScaling })])),
    ).toEqual([]);
  });

  it('asks nothing of burstable and serverless variants', () => {
    const found = breachesOf(rule, (stack) => {
      addEndpoint(stack, [onInstances({ instanceType: 'ml.t2.medium' })], { id: 'Burstable' });
      addEndpoint(stack, [serverless(2)], { id: 'Serverless' });
    });
    expect(found).toEqual([]);
  });
});

describe('what AWS cannot scale has no scalable target', () => {
  const rule = 'BurstableNotScaled';

  it.each(['ml.t2.medium', 'ml.t3.large'])('refuses to scale %s', (instanceType) => {
    expect(
      breachesOf(rule, (stack) => void scale(addEndpoint(stack, [onInstances({ instanceType })]))),
    ).toEqual([`${rule}[Variant::main::${instanceType}]`]);
  });

  it('refuses a target for a variant that does not exist', () => {
    const found = breachesOf(rule, (stack) => {
      scale(addEndpoint(stack, [onInstances()]), { variant: 'mian' });
    });
    expect(found).toEqual([`${rule}[UnknownVariant]`]);
  });

  it('refuses a target that names the endpoint by its ARN, which is what Ref gives', () => {
    const found = breachesOf(rule, (stack) => {
      const hosting = addEndpoint(stack, [onInstances()]);
      scale(hosting).addPropertyOverride('ResourceId', `endpoint/${hosting.endpoint.ref}/variant/main`);
    });
    expect(found).toEqual([`${rule}[UnknownVariant]`]);
  });

  it('accepts targets of other types and of other services', () => {
    const found = breachesOf(rule, (stack) => {
      scale(addEndpoint(stack, [onInstances()]));
      new scaling.CfnScalableTarget(stack, 'Table', {
        serviceNamespace: 'dynamodb',
        scalableDimension: 'dynamodb:table:ReadCapacityUnits',
        resourceId: 'table/one',
        minCapacity: 1,
        maxCapacity: 2,
      });
    });
    expect(found).toEqual([]);
  });
});

describe('fleets stay inside the quota of their type when they have grown', () => {
  const rule = 'ScalingWithinQuota';

  it('refuses a maximum above the quota', () => {
    const found = breachesOf(
      rule,
      (stack) => void scale(addEndpoint(stack, [onInstances()]), { max: 3 }),
      quota(2),
    );
    expect(found).toEqual([`${rule}[Type::ml.m6g.large]`]);
  });

  it('adds up the endpoints that draw on one type', () => {
    expect(breachesOf(rule, twoEndpoints, quota(3))).toEqual([`${rule}[Type::ml.m6g.large]`]);
    expect(breachesOf(rule, twoEndpoints, quota(4))).toEqual([]);
  });

  it('counts the fixed fleet of a burstable type', () => {
    expect(breachesOf(rule, threeBurstable, quota(2))).toEqual([`${rule}[Type::ml.t2.medium]`]);
    expect(breachesOf(rule, threeBurstable, quota(3))).toEqual([]);
  });

  it('counts shadow variants, and every endpoint that deploys a configuration', () => {
    expect(breachesOf(rule, fourFleets, quota(3))).toEqual([`${rule}[Type::ml.m6g.large]`]);
    expect(breachesOf(rule, fourFleets, quota(4))).toEqual([]);
  });

  it('asks for the quota of the type at hand', () => {
    const asked: string[] = [];
    breachesOf(rule, (stack) => void scale(addEndpoint(stack, [onInstances()])), {
      instanceQuota: (instanceType) => {
        asked.push(instanceType);
        return 9;
      },
    });
    expect(asked).toEqual(['ml.m6g.large']);
  });

  it('never takes an unknown quota for a pass', () => {
    expect(breachesOf(rule, twoEndpoints, quota(undefined))).toEqual([`${rule}[Type::ml.m6g.large]`]);
  });

  it('asks nothing without quotas', () => {
    expect(breachesOf(rule, (stack) => void scale(addEndpoint(stack, [onInstances()]), { max: 99 }))).toEqual(
      [],
    );
  });
});

describe('serverless endpoints stay inside the concurrency pool', () => {
  const rule = 'ServerlessPool';
  it('refuses what no longer fits', () => {
    expect(breachesOf(rule, poolOfTen, { serverlessConcurrency: 9 })).toEqual([`${rule}[Concurrency::10]`]);
    expect(breachesOf(rule, poolOfTen, { serverlessConcurrency: 0 })).toEqual([
      `${rule}[Concurrency::4]`,
      `${rule}[Concurrency::10]`,
    ]);
  });

  it('accepts a pool that is used to the last', () => {
    expect(breachesOf(rule, poolOfTen, { serverlessConcurrency: 10 })).toEqual([]);
    expect(breachesOf(rule, poolOfTen)).toEqual([]);
  });
});
