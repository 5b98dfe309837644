import { workloadManifests } from '../../lib/workloads';
import { OPTIONS } from '../support/workloads/workload-fixtures';

/** What a deploy waits for after the migration has been applied. */
export function migrationGateOf() {
  const workloads = workloadManifests(OPTIONS);
  const groups = workloads.deployed ? workloads.groups : [];
  const gate = groups.find(({ id }) => id === 'Migration')?.gate;
  if (gate === undefined) throw new Error('nothing waits for the migration');
  return gate;
}
