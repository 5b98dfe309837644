import type { EndpointPlan } from '../../plan/hosting/endpoint-plan';
import type { EndpointEvents } from './endpoint-events';
import { endpointMetric, vcpusOf } from './endpoint-metrics';
import type { ModelEndpoint } from './model-endpoint';
import type { AlarmSpec } from '../common/alarm-spec';

const MICROSECONDS_PER_MS = 1000;

/**
 * Percent of an instance above which an alarm goes off. CPU: scaling acts on requests, so CPU this high for ten minutes
 * means that requests cost more than planned. Memory and disk: what is left holds one more model of a multi-model
 * endpoint; beyond it SageMaker unloads models or cannot load them.
 */
const BUSY_PERCENT = { cpu: 80, memory: 85, disk: 80 } as const;

/** What every endpoint is watched for. */
function servingWatches(endpoint: ModelEndpoint, p95Ms: number): AlarmSpec[] {
  const { name } = endpoint.plan;
  return [
    {
      id: `Errors-${name}`,
      metric: endpoint.metricServerErrors(),
      threshold: 0,
      says: `${name} answers with server errors`,
      runbook: 'endpoint-errors',
    },
    {
      id: `Refusals-${name}`,
      metric: endpoint.metricClientErrors(),
      threshold: 0,
      says: `${name} refuses requests as wrong (4xx), although the inference Lambda checks them first`,
      runbook: 'endpoint-refusals',
    },
    {
      id: `Latency-${name}`,
      metric: endpoint.metricModelLatency(),
      threshold: p95Ms * MICROSECONDS_PER_MS,
      says: `${name} is slower than the p95 target of ${p95Ms} ms`,
      runbook: 'endpoint-latency',
    },
  ];
}

/** What an endpoint on instances is watched for; serverless ones publish no such metrics to act on. */
function instanceWatches(endpoint: ModelEndpoint, { name, instanceType }: InstancePlan): AlarmSpec[] {
  const { cpu, memory, disk } = BUSY_PERCENT;
  return [
    {
      id: `Cpu-${name}`,
      metric: endpointMetric(endpoint, 'CPUUtilization'),
      threshold: cpu * vcpusOf(instanceType),
      says: `${name} uses more than ${cpu} % of the CPU of its instances`,
      runbook: 'endpoint-cpu',
    },
    {
      id: `Memory-${name}`,
      metric: endpointMetric(endpoint, 'MemoryUtilization'),
      threshold: memory,
      says: `${name} uses more than ${memory} % of the memory of its instances`,
      runbook: 'endpoint-memory',
    },
    {
      id: `Disk-${name}`,
      metric: endpointMetric(endpoint, 'DiskUtilization'),
      threshold: disk,
      says: `${name} uses more than ${disk} % of the disk of its instances`,
      runbook: 'endpoint-disk',
    },
  ];
}

/** A model is loaded once an instance; requests that wait for ten minutes and more mean that models push each other out. */
function loadingWatch(endpoint: ModelEndpoint, p95Ms: number): AlarmSpec {
  const { name } = endpoint.plan;
  return {
    id: `Loading-${name}`,
    metric: endpointMetric(endpoint, 'ModelLoadingWaitTime'),
    threshold: p95Ms * MICROSECONDS_PER_MS,
    says: `Requests to ${name} wait longer than ${p95Ms} ms for their model to be loaded`,
    runbook: 'endpoint-loading',
  };
}

type InstancePlan = Exclude<EndpointPlan, { mode: 'serverless' }>;

/** What to watch of an endpoint, by its hosting mode. */
export function endpointAlarms(endpoint: ModelEndpoint, p95Ms: number): AlarmSpec[] {
  const { plan } = endpoint;
  return [
    ...servingWatches(endpoint, p95Ms),
    ...(plan.mode === 'serverless' ? [] : instanceWatches(endpoint, plan)),
    ...(plan.mode === 'shared' ? [loadingWatch(endpoint, p95Ms)] : []),
  ];
}

/** What to watch of the events of an endpoint: people would not hear of a failed deployment. */
export function endpointEventAlarm({ plan }: ModelEndpoint, events: EndpointEvents): AlarmSpec {
  return {
    id: `Undelivered-${plan.name}`,
    metric: events.metricUndelivered(),
    threshold: 0,
    evaluationPeriods: 1,
    says: `EventBridge cannot announce events of ${plan.name}`,
    runbook: 'endpoint-events',
  };
}
