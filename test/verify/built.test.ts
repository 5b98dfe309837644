import {
  DEDICATED,
  SERVERLESS,
  SHARED,
  about,
  kinds,
  said,
  tree,
  verified,
} from '../support/deployed/verified';
import type { DeployedAccount } from '../support/deployed/deployed-account';
import { steadyTime } from '../support/jest/steady-time';

steadyTime();

describe('verifying what CloudFormation built', () => {
  it.each([
    ['UPDATE_ROLLBACK_COMPLETE', 'failed'],
    ['CREATE_FAILED', 'failed'],
    ['REVIEW_IN_PROGRESS', 'failed'],
    ['UPDATE_IN_PROGRESS', 'undetermined'],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'ok'],
  ])('takes a stack in %s for %s', async (status, outcome) => {
    const { wrong } = await verified({
      account: ({ stacks }) => (stacks['mini-xdr-dev-Data'] = status),
      golden: 1,
    });
    expect(about(wrong)).toEqual(outcome === 'ok' ? [] : [['stack', 'mini-xdr-dev-Data', outcome]]);
  });

  it('misses a stack that is not there, and still checks all the rest', async () => {
    const { wrong, checks } = await verified({
      account: ({ stacks }) => delete stacks['mini-xdr-dev-Workbench'],
    });
    expect(about(wrong)).toEqual([['stack', 'mini-xdr-dev-Workbench', 'failed']]);
    expect(kinds(checks).size).toBe(9);
  });

  it('says of an environment that is not deployed that it is not', async () => {
    const { verdict, wrong, checks } = await verified({
      account: (account) => {
        for (const all of [account.stacks, account.endpoints])
          for (const name of Object.keys(all)) delete all[name];
        account.targets.length = 0;
      },
    });
    expect(verdict).toBe('failed');
    expect(checks.length - wrong.length).toBe(1); // The fixed fleet has nothing to register.
    expect(said(wrong)).toContain('is not in this account and region');
  });
});

describe('verifying endpoints', () => {
  const { name } = DEDICATED;
  const config = `${name}-Config-new`;
  const failing = async (change: (account: DeployedAccount) => void) => {
    const { wrong } = await verified({ account: change, golden: 1 });
    expect(about(wrong)).toEqual([['endpoint', name, 'failed']]);
    return said(wrong);
  };

  it('catches a silent rollback: InService, on the configuration before', async () => {
    const text = await failing(({ endpoints, configs }) => {
      configs['old'] = { ...configs[config], EndpointConfigName: 'old' };
      endpoints[name] = { ...endpoints[name], EndpointConfigName: 'old' };
    });
    expect(text).toContain(`runs configuration old, but the stack created ${config.toLowerCase()}`);
    expect(text).toContain('its last update was rolled back');
  });

  const generations = (account: DeployedAccount, ...ends: readonly string[]) => {
    for (const end of ends) {
      account.configs[`${name}-Config-${end}`] = { ...account.configs[config] };
      account.models[`${name}-Model-${end}`] = { ...account.models[`${name}-Model-new`] };
    }
  };

  it('names what earlier updates have kept of an endpoint, and leaves out what is another environment’s', async () => {
    const { verdict, checks } = await verified({
      golden: 1,
      account: (account) => {
        generations(account, 'old', 'older', 'foreign');
        account.tags[`${name}-Config-foreign`] = 'prod';
        account.tags[`${name}-Model-foreign`] = 'prod';
      },
    });
    const { details = [] } =
      checks.find(({ kind, subject }) => kind === 'endpoint' && subject === name) ?? {};

    expect(verdict).toBe('ok');
    expect(details.at(-1)).toBe(
      `kept from earlier updates, not in use: configurations ${name}-Config-old, ${name}-Config-older; models ` +
        `${name}-Model-old, ${name}-Model-older (docs/runbook.md#superseded-models)`,
    );
  });

  it('says nothing of them where the endpoint was rolled back, and so runs on one of them', async () => {
    const text = await failing((account) => {
      generations(account, 'old');
      account.endpoints[name] = { ...account.endpoints[name], EndpointConfigName: `${name}-Config-old` };
    });
    expect(text).not.toContain('not in use');
  });

  it.each([
    ['Failed', 'failed'],
    ['UpdateRollbackFailed', 'failed'],
    ['RollingBack', 'failed'],
    ['Updating', 'undetermined'],
  ])('takes the status %s for %s', async (status, outcome) => {
    const { wrong } = await verified({
      account: ({ endpoints }) => (endpoints[name] = { ...endpoints[name], EndpointStatus: status }),
      golden: 1,
    });
    expect(about(wrong)).toEqual([['endpoint', name, outcome]]);
  });

  it('catches another instance type, and a count out of bounds', async () => {
    const text = await failing(({ endpoints, configs }) => {
      const [variant] = (configs[config]?.['ProductionVariants'] ?? []) as object[];
      configs[config] = {
        ...configs[config],
        ProductionVariants: [{ ...variant, InstanceType: 'ml.m6g.xlarge' }],
      };
      const running = { VariantName: 'AllTraffic', CurrentInstanceCount: 5, DesiredInstanceCount: 4 };
      endpoints[name] = { ...endpoints[name], ProductionVariants: [running] };
    });
    expect(text).toContain('instance type is ml.m6g.xlarge, planned ml.m6g.large');
    expect(text).toContain('5 instances running, planned 1 to 4');
  });

  it('catches a serverless endpoint of another size', async () => {
    const serverless = `${SERVERLESS.name}-Config-new`;
    const { wrong } = await verified({
      golden: 1,
      account: ({ configs }) => {
        const [variant] = (configs[serverless]?.['ProductionVariants'] ?? []) as object[];
        const ServerlessConfig = { MemorySizeInMB: 1024, MaxConcurrency: 4, ProvisionedConcurrency: 1 };
        configs[serverless] = {
          ...configs[serverless],
          ProductionVariants: [{ ...variant, ServerlessConfig }],
        };
      },
    });
    expect(said(wrong).split('\n')).toEqual([
      'memory in MB is 1024, planned 2048',
      'provisioned concurrency is 1, planned 2',
    ]);
  });

  it('catches another artifact, and an image from elsewhere', async () => {
    const text = await failing(({ models }) => {
      models[`${name}-Model-new`] = {
        PrimaryContainer: {
          Image: 'docker.io/somebody/server:1',
          ModelDataUrl: 's3://bucket/artifacts/ddos/0123456789abcdef.tar.gz',
        },
      };
    });
    expect(text).toContain(`its artifact is artifacts/ddos/0123456789abcdef.tar.gz`);
    expect(text).toContain(`artifacts/${tree.ddos.key}`);
    expect(text).toContain('docker.io/somebody/server:1 is not one of Amazon ECR');
  });

  it('calls what it may not describe undetermined, and names the permission', async () => {
    const { verdict, wrong } = await verified({ aws: { denied: ['sagemaker:DescribeModel'] }, golden: 1 });

    expect(verdict).toBe('undetermined');
    expect(wrong.map(({ kind }) => kind)).toEqual(['endpoint', 'endpoint', 'endpoint']);
    expect(said(wrong)).toContain('sagemaker:DescribeModel was denied');
    expect(wrong[0]?.remedy).toContain('allow sagemaker:DescribeModel');
  });

  it('gives up on what is throttled to the end', async () => {
    const throttledFirst = { 'sagemaker:DescribeEndpoint': 1_000 };
    const { verdict, wrong } = await verified({ aws: { throttledFirst }, golden: 1 });

    expect(verdict).toBe('undetermined');
    expect(said(wrong)).toContain('throttled to the end');
  });
});

describe('verifying scaling', () => {
  const failing = async (change: (account: DeployedAccount) => void) => {
    const { wrong } = await verified({ account: change, golden: 1 });
    expect(new Set(wrong.map(({ kind, outcome }) => `${kind} ${outcome}`))).toEqual(
      new Set(['scaling failed']),
    );
    return said(wrong);
  };

  it('misses a registration that somebody took away', async () => {
    expect(await failing(({ targets }) => void targets.splice(1, 1))).toContain(
      'sagemaker:variant:DesiredInstanceCount is not registered',
    );
  });

  it('misses the policies, without which nothing ever scales', async () => {
    expect(await failing(({ policies }) => void policies.splice(1))).toContain(
      'has no scaling policy, so its size never changes',
    );
  });

  it('misses one of two policies, and finds one too many', async () => {
    expect(await failing(({ policies }) => void policies.pop())).toContain(
      'has no scaling policy as planned: CPUUtilization at 50',
    );
    const another = await failing(
      ({ policies }) => void policies.push({ ...policies[2], PolicyName: 'by hand' }),
    );
    expect(another).toContain('has 3 scaling policies, planned 2');
  });

  it('catches other bounds, another target and suspended scaling', async () => {
    const text = await failing(({ targets, policies }) => {
      targets[0] = { ...targets[0], MaxCapacity: 9, SuspendedState: { DynamicScalingOutSuspended: true } };
      policies[1] = {
        ...policies[1],
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 9_000,
          PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
        },
      };
    });
    expect(text).toContain('registered from 1 to 9, planned 1 to 3');
    expect(text).toContain('its scaling is suspended');
    expect(text).toContain('SageMakerVariantInvocationsPerInstance at 900');
  });

  it('catches a registration that the plan has none of', async () => {
    const text = await failing(({ targets }) => {
      targets.push({ ...targets[1], ResourceId: `endpoint/${SHARED.name}/variant/AllTraffic` });
    });
    expect(text).toContain('is registered for scaling, which the plan has none of');
  });
});
