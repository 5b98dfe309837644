import { Construct } from 'constructs';
import { observedOf } from '../../config/platform/platform-observability';
import type { Environment } from '../../config/environment';
import { environmentPrefix } from '../../config/resource-names';
import {
  AGENT_NAMESPACE,
  AGENT_SERVICE_ACCOUNT,
  OBSERVABILITY_ADD_ON,
  observabilityValues,
} from '../../workloads/cluster-agent';
import { agentLogGroups } from '../../plan/log-group-names';
import type { Cluster } from './cluster';
import { ClusterAddOn } from './cluster-add-on';
import { ServiceLogGroup } from '../common/log-group';
import { WorkloadIdentity } from './workload-identity';

export interface ClusterObservabilityProps {
  readonly environment: Environment;
  readonly cluster: Cluster;
}

/**
 * Sends logs and metrics of pods and nodes to CloudWatch, into groups with the key and retention of every other one.
 *
 * The agents may write to these groups and do nothing else. The policy that AWS attaches to them would let them create
 * groups, read tags and volumes of every instance, send traces and any metric; Container Insights' metrics travel as
 * logs. The agent asks for tags and volumes all the same, is refused, and goes without (log lines every few minutes).
 */
export class ClusterObservability extends Construct {
  constructor(scope: Construct, id: string, { environment, cluster }: ClusterObservabilityProps) {
    super(scope, id);
    const observed = observedOf(environment);
    const agents = new WorkloadIdentity(this, 'Agents', {
      cluster: cluster.cluster,
      namespace: AGENT_NAMESPACE,
      serviceAccount: AGENT_SERVICE_ACCOUNT,
    });
    const groups = agentLogGroups(environmentPrefix(environment.name), observed).map((logGroupName) => {
      const group = new ServiceLogGroup(this, logGroupName.split('/').at(-1) ?? logGroupName, {
        environment,
        encryptionKey: cluster.encryptionKey,
        logGroupName,
      });
      group.grantWrite(agents);
      return group;
    });
    const addOn = new ClusterAddOn(this, 'AddOn', {
      environment,
      cluster: cluster.cluster,
      name: OBSERVABILITY_ADD_ON,
      values: observabilityValues(observed),
    });
    addOn.node.addDependency(agents, ...groups);
  }

  /** Whether the environment sends anything. */
  static isWanted(environment: Environment): boolean {
    return Object.values(observedOf(environment)).some(Boolean);
  }
}
