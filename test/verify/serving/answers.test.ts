import { variantFor } from '../../../lambda/inference/specialists/experiment';
import type { DeploymentPlan } from '../../../lib/plan/deployment-plan';
import { projectPath } from '../../../lib/util/project-path';
import { VERIFY_ACTIONS } from '../../../lib/verify/verify-actions';
import { readExpectedModels } from '../../../lib/verify/expected-models';
import {
  DEDICATED,
  PLAN,
  SERVERLESS,
  about,
  kinds,
  said,
  tree,
  verified,
} from '../../support/deployed/verified';
import { steadyTime } from '../../support/jest/steady-time';

steadyTime(2);

describe('verifying a deployment that is right', () => {
  it('finds everything ok, with every golden vector asked, and no permission beyond its policy', async () => {
    const { verdict, checks, wrong, actions, asked } = await verified();

    expect(said(wrong)).toBe('');
    expect(verdict).toBe('ok');
    expect(kinds(checks)).toEqual(
      new Set([
        'stack',
        'image',
        'endpoint',
        'scaling',
        'cluster',
        'load-balancer',
        'database',
        'door',
        'golden',
      ]),
    );
    expect(checks.filter(({ kind }) => kind === 'golden')).toHaveLength(5);
    expect(asked).toHaveLength(5);
    expect(asked).toEqual(expect.arrayContaining([tree.general.golden.vectors.length]));
    expect(Object.keys(VERIFY_ACTIONS)).toEqual(expect.arrayContaining([...new Set(actions)]));
  });

  it('reads through throttling', async () => {
    const throttledFirst = {
      'sagemaker:DescribeEndpoint': 3,
      'cloudformation:DescribeStacks': 4,
      'application-autoscaling:DescribeScalableTargets': 2,
    };
    expect((await verified({ aws: { throttledFirst } })).verdict).toBe('ok');
  });

  it('asks as few golden vectors as it is told', async () => {
    expect((await verified({ golden: 3 })).asked).toEqual([3, 3, 3, 3, 3]);
  });

  it('expects embedded specialists to be answered by the function', async () => {
    const plan: DeploymentPlan = {
      ...PLAN,
      topology: {
        ...PLAN.topology,
        endpoints: [SERVERLESS, DEDICATED],
        embedded: ['bruteforce', 'webattacks'],
      },
    };
    const { wrong } = await verified({ plan });

    expect(about(wrong)).toEqual([
      ['golden', 'bruteforce', 'failed'],
      ['golden', 'webattacks', 'failed'],
    ]);
    expect(said(wrong)).toContain('answered by endpoint, planned is embedded');
  });

  it('asks both versions of a specialist that has a second one on trial', async () => {
    const challengers = { ddos: { folder: 'models/ddos', share: 0.2, shadow: false } };
    const environment = { ...PLAN.environment, inference: { ...PLAN.environment.inference, challengers } };
    const plan = { ...PLAN, environment };
    const onTrial = readExpectedModels(environment, { models: projectPath('models'), root: projectPath() });
    const served = async (right: boolean) => {
      const { checks } = await verified({
        plan,
        models: onTrial,
        golden: 2,
        url: {
          alter: (answer, { specialist, key = '' }) =>
            specialist === 'ddos' && variantFor(key, 'ddos', 0.2) === 'challenger'
              ? { ...answer, variant: 'challenger', servedBy: right ? 'embedded' : 'endpoint' }
              : answer,
        },
      });
      return checks
        .filter(({ subject }) => subject.startsWith('ddos'))
        .map(({ subject, outcome }) => [subject, outcome]);
    };

    expect(await served(true)).toEqual([
      ['ddos', 'ok'],
      ['ddos (challenger)', 'ok'],
    ]);
    expect(await served(false)).toContainEqual(['ddos (challenger)', 'failed']);
  });
});

describe('verifying the Function URL', () => {
  it('catches a function that answers strangers', async () => {
    const { wrong } = await verified({
      url: { open: true },
      account: ({ door }) => void (door.AuthType = 'NONE'),
      golden: 1,
    });
    expect(about(wrong)).toEqual([['door', 'Function URL', 'failed']]);
    expect(said(wrong)).toContain('authentication is NONE, and must be AWS_IAM');
    expect(said(wrong)).toContain('an unsigned call was answered 200');
  });

  it('sends no signature over an open line', async () => {
    const { wrong } = await verified({
      account: ({ door }) => void (door.FunctionUrl = 'http://example.com/'),
    });
    expect(said(wrong)).toContain('must start with https://');
    expect(wrong.filter(({ kind }) => kind === 'golden')).toHaveLength(5);
  });

  it('says what it needs when it may not call the function', async () => {
    const { verdict, wrong } = await verified({
      url: { instead: () => ({ status: 403, body: { Message: 'Forbidden' } }) },
    });
    expect(verdict).toBe('undetermined');
    expect(wrong.map(({ remedy }) => remedy).join()).toContain('allow lambda:InvokeFunctionUrl');
  });
});

describe('verifying answers', () => {
  it('catches a model that answers another class', async () => {
    const { wrong } = await verified({
      url: {
        alter: (answer, { specialist }) => ({
          ...answer,
          predictions:
            specialist === 'bruteforce'
              ? answer.predictions.map((prediction) => ({ ...prediction, label: 'Normal' }))
              : answer.predictions,
        }),
      },
    });
    expect(about(wrong)).toEqual([['golden', 'bruteforce', 'failed']]);
    expect(said(wrong)).toMatch(/"06 SSH-Patator" is answered Normal, must be Attack/);
  });

  it('catches probabilities that are off by more than the tolerance', async () => {
    const { wrong } = await verified({
      url: {
        alter: (answer) => ({
          ...answer,
          predictions: answer.predictions.map((prediction, at) => {
            const { Normal = 0, ...others } = prediction.probabilities;
            const shift = at === 2 ? 0.0002 : 0;
            return { ...prediction, probabilities: { ...others, Normal: Math.abs(Normal - shift) } };
          }),
        }),
      },
    });
    expect(new Set(wrong.map(({ kind, outcome }) => `${kind} ${outcome}`))).toEqual(
      new Set(['golden failed']),
    );
    expect(wrong).toHaveLength(4);
    expect(said(wrong)).toContain('within 0.0001');
  });

  it('catches a degraded answer, and another version', async () => {
    const { wrong } = await verified({
      url: {
        alter: (answer, { specialist }) => {
          if (specialist === 'ddos') return { ...answer, servedBy: 'embedded', degraded: true };
          const model = { ...answer.model, version: '1.9.0' };
          return specialist === 'webattacks' ? { ...answer, model } : answer;
        },
      },
      golden: 2,
    });
    expect(about(wrong)).toEqual([
      ['golden', 'ddos', 'failed'],
      ['golden', 'webattacks', 'failed'],
    ]);
    expect(said(wrong)).toContain('the answer is degraded');
    expect(said(wrong)).toContain(`webattacks 1.9.0 (champion) answered`);
  });

  it('catches an attack that comes back as normal when nobody is asked by name', async () => {
    const { wrong } = await verified({
      url: {
        alter: (answer, { specialist }) =>
          specialist === undefined
            ? {
                ...answer,
                predictions: answer.predictions.map((prediction) => ({ ...prediction, verdict: 'normal' })),
              }
            : answer,
      },
    });
    expect(about(wrong)).toEqual([['golden', 'nobody by name', 'failed']]);
    expect(said(wrong)).toContain('comes back as normal');
    expect(said(wrong)).toContain('and 9 more');
  });

  it('leaves open what the function did not answer in time', async () => {
    const { verdict, wrong } = await verified({
      url: { instead: ({ specialist }) => (specialist === 'ddos' ? { status: 503 } : undefined) },
      golden: 1,
      timeMs: 2_000,
    });
    expect(verdict).toBe('undetermined');
    expect(about(wrong)).toEqual([['golden', 'ddos', 'undetermined']]);
    expect(said(wrong)).toContain('kept answering 503');
  });
});
