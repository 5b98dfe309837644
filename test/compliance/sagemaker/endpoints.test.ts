import { noRollbackReason } from '../../../lib/constructs/serving/endpoint-deployment';
import { addEndpoint, addModel, breachesOf, KEY, onInstances, scale, serverless } from './sagemaker-fixture';

function alarms(count: number) {
  return {
    autoRollbackConfiguration: {
      alarms: Array.from({ length: count }, (_, index) => ({ alarmName: `alarm-${index}` })),
    },
  };
}

describe('endpoint volumes are under a customer key', () => {
  const rule = 'EncryptedVolumes';
  const withKey = (instanceType: string, kmsKeyId: string | undefined) =>
    breachesOf(rule, (stack) => {
      addEndpoint(stack, [onInstances({ instanceType })], { config: { kmsKeyId } });
    });

  it('refuses instances without one', () => {
    expect(withKey('ml.m6g.large', undefined)).toEqual([`${rule}[KmsKeyId]`]);
  });

  it.each(['ml.m5d.large', 'ml.c6gd.xlarge', 'ml.g4dn.xlarge', 'ml.g5.xlarge'])(
    'refuses a key for %s, as SageMaker does',
    (instanceType) => {
      expect(withKey(instanceType, KEY)).toEqual([`${rule}[Type::${instanceType}]`]);
      expect(withKey(instanceType, undefined)).toEqual([]);
    },
  );

  it('accepts keyed instances, and serverless endpoints, which have no volume', () => {
    expect(withKey('ml.m6g.large', KEY)).toEqual([]);
    expect(breachesOf(rule, (stack) => void addEndpoint(stack, [serverless(2)]))).toEqual([]);
  });
});

describe('detailed observability is a decision', () => {
  const rule = 'StatedObservability';
  const stating = (metricsConfig: object | undefined) =>
    breachesOf(rule, (stack) => void addEndpoint(stack, [serverless(2)], { config: { metricsConfig } }));

  it.each([undefined, {}, { enableEnhancedMetrics: true }])('refuses what leaves it to AWS: %j', (config) => {
    expect(stating(config)).toEqual([`${rule}[EnableDetailedObservability]`]);
  });

  it.each([true, false])('accepts a configuration that says %s', (enableDetailedObservability) => {
    expect(stating({ enableDetailedObservability })).toEqual([]);
  });
});

describe('models and endpoint configurations have no name of their own', () => {
  const rule = 'NoFixedNames';

  it('refuses fixed names', () => {
    const found = breachesOf(rule, (stack) => {
      addModel(stack, {}, { modelName: 'general' });
      addEndpoint(stack, [serverless(2)], { config: { endpointConfigName: 'general' } });
    });
    expect(found).toEqual([`${rule}[ModelName]`, `${rule}[EndpointConfigName]`]);
  });

  it('accepts generated names, and a fixed name of the endpoint, which callers know', () => {
    const found = breachesOf(rule, (stack) => {
      addModel(stack);
      addEndpoint(stack, [serverless(2)], { endpoint: { endpointName: 'dev-general' } });
    });
    expect(found).toEqual([]);
  });
});

describe('a bad update rolls itself back and leaves the fleet as it is', () => {
  const rule = 'GuardedUpdates';
  it.each([undefined, alarms(0)])('refuses instances without rollback alarms', (deploymentConfig) => {
    const found = breachesOf(rule, (stack) => {
      scale(addEndpoint(stack, [onInstances()], { endpoint: { deploymentConfig } }));
    });
    expect(found).toEqual([`${rule}[AutoRollbackConfiguration]`]);
  });

  it('accepts a stated reason instead, as a deploy without rollback alarms has one', () => {
    const stating = (reason: string) =>
      breachesOf(rule, (stack) => {
        const hosting = addEndpoint(stack, [onInstances()], { endpoint: { deploymentConfig: undefined } });
        hosting.endpoint.addMetadata('mini-xdr:no-rollback-reason', reason);
        scale(hosting);
      });
    expect(stating('AWS refuses rollback for this kind of variant.')).toEqual([]);
    expect(stating(noRollbackReason({ mode: 'dedicated' }, 'off') ?? '')).toEqual([]);
    expect(stating(noRollbackReason({ mode: 'dedicated' }, 'on') ?? '')).not.toEqual([]);
    expect(stating('not needed')).toEqual([`${rule}[AutoRollbackConfiguration]`]);
  });

  it('refuses more alarms than SageMaker takes', () => {
    const guardedBy = (count: number) =>
      breachesOf(rule, (stack) => {
        scale(addEndpoint(stack, [onInstances()], { endpoint: { deploymentConfig: alarms(count) } }));
      });
    expect(guardedBy(10)).toEqual([]);
    expect(guardedBy(11)).toEqual([`${rule}[Alarms::11]`]);
  });

  it.each([
    { retainAllVariantProperties: false },
    { retainAllVariantProperties: undefined },
    {
      retainAllVariantProperties: true,
      excludeRetainedVariantProperties: [{ variantPropertyType: 'DesiredInstanceCount' }],
    },
  ])('refuses updates that reset a scaled fleet: %j', (endpoint) => {
    const found = breachesOf(rule, (stack) => {
      scale(addEndpoint(stack, [onInstances()], { endpoint }));
    });
    expect(found).toEqual([`${rule}[RetainAllVariantProperties]`]);
  });

  it('lets a fixed fleet be set by the update', () => {
    const found = breachesOf(rule, (stack) => {
      addEndpoint(stack, [onInstances({ instanceType: 'ml.t2.medium' })], {
        endpoint: { retainAllVariantProperties: undefined },
      });
    });
    expect(found).toEqual([]);
  });

  it('asks nothing of serverless endpoints, which have no guardrails', () => {
    const found = breachesOf(rule, (stack) => {
      addEndpoint(stack, [serverless(2)], { endpoint: { deploymentConfig: undefined } });
    });
    expect(found).toEqual([]);
  });

  it('refuses a configuration that it cannot see', () => {
    const found = breachesOf(rule, (stack) => {
      addEndpoint(stack, [onInstances()], { endpoint: { endpointConfigName: 'made-by-hand' } });
    });
    expect(found).toEqual([`${rule}[EndpointConfigName]`]);
  });
});
