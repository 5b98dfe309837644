import { NO_ROLLBACK_REASON } from '../../../lib/compliance/apply-compliance';
import { rollbackAlarmNames } from '../../../lib/constructs/serving/rollback-alarms';
import type { EndpointPlan } from '../../../lib/plan/hosting/endpoint-plan';
import { type Serving, servingOf } from '../../support/app/serving-app';
import { type Resource, resourceBehind, resourceOf, resourcesOf, targetOf } from '../../support/app/template';
import { dedicated, fixed, rolling, serverless, shared, topologyOf } from '../../support/app/topologies';

const ENDPOINT = 'AWS::SageMaker::Endpoint';

function serve(plan: EndpointPlan): Serving {
  return servingOf(topologyOf([plan]));
}

function endpointOf({ serving }: Serving): Resource {
  return resourceOf(serving, ENDPOINT);
}

function deploymentOf(serving: Serving): Record<string, unknown> | undefined {
  return endpointOf(serving).properties['DeploymentConfig'] as Record<string, unknown> | undefined;
}

function configOf({ serving }: Serving): string {
  return resourceOf(serving, 'AWS::SageMaker::EndpointConfig').id;
}

/** The alarms that an update of the only endpoint is rolled back by: errors, then latency. */
function rollbackAlarmsOf(serving: Serving): Readonly<Record<string, unknown>>[] {
  const { Alarms } = (deploymentOf(serving)?.['AutoRollbackConfiguration'] ?? { Alarms: [] }) as {
    Alarms: { AlarmName: unknown }[];
  };
  return Alarms.map(({ AlarmName }) => resourceBehind(serving.serving, AlarmName).properties);
}

describe('an update of an instance endpoint', () => {
  it('rolls by the batch that the plan has counted quota for', () => {
    const deployment = deploymentOf(serve(rolling('ddos')));

    expect(deployment).toMatchObject({
      RollingUpdatePolicy: {
        MaximumBatchSize: { Type: 'INSTANCE_COUNT', Value: 1 },
        RollbackMaximumBatchSize: { Type: 'INSTANCE_COUNT', Value: 1 },
      },
    });
    expect(deployment).not.toHaveProperty('BlueGreenUpdatePolicy');
  });

  it('brings up a whole second fleet where the plan has counted quota for one', () => {
    const deployment = deploymentOf(serve(dedicated('ddos')));

    expect(deployment).toMatchObject({
      BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE' } },
    });
    expect(deployment).not.toHaveProperty('RollingUpdatePolicy');
  });

  it('states the interval between steps, which the API requires of a single step too', () => {
    expect(deploymentOf(serve(dedicated('ddos')))).toMatchObject({
      BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { WaitIntervalInSeconds: 0 } },
    });
  });

  it('has the time that the fleet needs at its maximum', () => {
    expect(deploymentOf(serve(rolling('ddos')))).toMatchObject({
      RollingUpdatePolicy: { WaitIntervalInSeconds: 300, MaximumExecutionTimeoutInSeconds: 6750 },
    });
    expect(deploymentOf(serve(dedicated('ddos')))).toMatchObject({
      BlueGreenUpdatePolicy: { TerminationWaitInSeconds: 300, MaximumExecutionTimeoutInSeconds: 3600 },
    });
  });

  it.each([
    ['rolling', rolling('ddos')],
    ['all at once', dedicated('ddos')],
    ['shared', shared(['ddos', 'general'])],
    ['fixed', fixed('ddos', 1)],
  ])('is taken back by alarms on the errors and the latency of the new fleet alone: %s', (_kind, plan) => {
    const serving = serve(plan);
    const config = { Ref: 'the new configuration' };
    const alarms = rollbackAlarmsOf(serving).map(({ Dimensions, ...rest }) => ({
      ...rest,
      Dimensions: (Dimensions as { Name: string; Value: unknown }[]).map(({ Name, Value }) => ({
        Name,
        Value: targetOf(Value) === configOf(serving) ? config : Value,
      })),
    }));
    const Dimensions = expect.arrayContaining([
      { Name: 'EndpointName', Value: plan.name },
      { Name: 'VariantName', Value: 'AllTraffic' },
      // Without it the errors of the old fleet take back the update that mends them.
      { Name: 'EndpointConfigName', Value: config },
    ]) as unknown;

    expect(alarms).toEqual([
      expect.objectContaining({ MetricName: 'Invocation5XXErrors', Dimensions }),
      expect.objectContaining({ MetricName: 'ModelLatency', ExtendedStatistic: 'p95', Dimensions }),
    ]);
  });

  it('is taken back for a rate of errors in two minutes of three, not for a single failed request', () => {
    const [errors] = rollbackAlarmsOf(serve(dedicated('ddos')));

    expect(errors).toMatchObject({
      // SageMaker sends 1 or 0 for each request: the average is the share that failed.
      Statistic: 'Average',
      Threshold: 0.05,
      ComparisonOperator: 'GreaterThanThreshold',
      Period: 60,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      TreatMissingData: 'notBreaching',
    });
  });

  it('is taken back when p95 leaves the target, which CloudWatch is told in microseconds', () => {
    const serving = servingOf(topologyOf([dedicated('ddos')]), { changes: { latency: { p95Ms: 250 } } });

    expect(rollbackAlarmsOf(serving)[1]).toMatchObject({
      Threshold: 250_000,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  it('has alarms whose names a role can name before they exist', () => {
    const names = rollbackAlarmsOf(serve(dedicated('ddos'))).map(({ AlarmName }) => AlarmName);

    expect(names).toEqual(Object.values(rollbackAlarmNames('mini-xdr-dev-ddos-dedicated-m5-large')));
  });
});

describe('an update that is deployed without rollback alarms', () => {
  const plans = [rolling('ddos'), dedicated('general'), serverless('webattacks')];
  const topology = topologyOf(plans);
  // CDK prints the warning that each endpoint carries.
  const printed = jest.spyOn(console, 'error').mockReturnValue();
  const guarded = servingOf(topology);
  const serving = servingOf(topology, { rollbackAlarms: 'off' });
  const said = printed.mock.calls.flat().join('\n');
  printed.mockRestore();
  const endpoints = (of: Serving) => resourcesOf(of.serving, ENDPOINT);

  it('keeps its batches, its waits and its time-out, and nothing takes it back', () => {
    const [rolled, swapped] = endpoints(serving).map(({ properties }) => properties['DeploymentConfig']);

    expect(rolled).toHaveProperty('RollingUpdatePolicy.WaitIntervalInSeconds', 300);
    expect(swapped).toHaveProperty('BlueGreenUpdatePolicy.TerminationWaitInSeconds', 300);
    expect(JSON.stringify([rolled, swapped])).not.toContain('AutoRollbackConfiguration');
  });

  it('changes nothing but its endpoints, so that the alarms are there for the next update', () => {
    const rest = ({ serving: { Resources } }: Serving) =>
      Object.fromEntries(Object.entries(Resources).filter(([, { Type }]) => Type !== ENDPOINT));

    expect(rest(serving)).toEqual(rest(guarded));
  });

  it('warns at synthesis', () => {
    expect(said).toContain('WARNING Deployed with -c rollbackAlarms=off');
  });

  it('says why on each instance endpoint', () => {
    const reasons = endpoints(serving).map(({ metadata }) => String(metadata[NO_ROLLBACK_REASON]));

    expect(reasons.map((reason) => reason.includes('-c rollbackAlarms=off'))).toEqual([true, true, false]);
  });
});

describe('an update of a serverless endpoint', () => {
  const serving = serve(serverless('ddos'));

  it('has no guardrails, which AWS refuses, and says why', () => {
    const { properties, metadata } = endpointOf(serving);

    expect(Object.keys(properties).sort()).toEqual(['EndpointConfigName', 'EndpointName']);
    expect(String(metadata[NO_ROLLBACK_REASON])).toContain('Deployment guardrails do not apply');
    expect(resourcesOf(serving.serving, 'AWS::CloudWatch::Alarm')).toEqual([]);
  });
});
