import type { AddOnName } from '../config/platform/add-on-versions';
import type { Observed } from '../config/platform/platform-observability';
import { AGENT_SIZES, type PodSize } from '../config/workloads/pod-sizes';

/** Add-on that sends logs and metrics of pods and nodes to CloudWatch. */
export const OBSERVABILITY_ADD_ON: AddOnName = 'amazon-cloudwatch-observability';

/** Where the agents run, and as whom: the namespace and the service account that the add-on makes. */
export const AGENT_NAMESPACE = 'amazon-cloudwatch';
export const AGENT_SERVICE_ACCOUNT = 'cloudwatch-agent';

/**
 * Values of the add-on. Fluent Bit sends logs, the CloudWatch agent metrics: those of Container Insights with enhanced
 * observability, which are metrics of CloudWatch that alarms and dashboards read. AWS recommends its OpenTelemetry
 * variant for new clusters, whose metrics PromQL alone reads and which takes three more kinds of pods; this one gets
 * security patches and fixes (CloudWatch user guide, "Compare Container Insights approaches"). Application Signals is
 * off twice: it would instrument the workloads, which their namespace refuses.
 */
export function observabilityValues({ logs, metrics }: Observed): object {
  return {
    containerLogs: { enabled: logs },
    containerInsights: { enabled: metrics },
    otelContainerInsights: { enabled: false },
    applicationSignals: { enabled: false },
    manager: { applicationSignals: { autoMonitor: { monitorAllServices: false } } },
    // An agent that has nothing to collect crashes again and again.
    ...(metrics ? { agent: { resources: resourcesOf(AGENT_SIZES.metrics) } } : { agents: [] }),
  };
}

function resourcesOf({ cpuMillis, memoryMi, memoryLimitMi }: PodSize) {
  return {
    requests: { cpu: `${cpuMillis}m`, memory: `${memoryMi}Mi` },
    limits: { cpu: '500m', memory: `${memoryLimitMi}Mi` },
  };
}
