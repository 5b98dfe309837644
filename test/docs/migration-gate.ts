import { workloadManifests } from '../../lib/workloads';
import { OPTIONS } from '../workloads/fixtures';

/** What a deploy waits for after the migration has been applied. */
export function migrationGateOf() {
  const workloads = workloadManifests(OPTIONS);
  const gates = workloads.deployed ? workloads.groups.flatMap(({ gate }) => gate ?? []) : [];
  const [gate] = gates;
  if (gate === undefined) throw new Error('nothing waits for the migration');
  return gate;
}
