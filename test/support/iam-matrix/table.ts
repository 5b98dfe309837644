import { environmentPrefix } from '../../../lib/config/resource-names';
import type { Deployed } from '../app/policies';
import { deployRoleRows } from './delivery';
import { inferenceRows } from './inference';
import {
  administratorRows,
  controlPlaneRows,
  defaultGroupRows,
  emptyingRows,
  flowLogRows,
  monitoringRows,
  nodeRows,
} from './platform';
import type { RoleRows } from './rows';
import { driftRows, endpointRows, uploadRows } from './serving';
import { notebookRows, trainerRows } from './training';
import { agentRows, backendRows, deployerFrameworkRows, deployerRows, migrationRows } from './workloads';

/** Roles by name. One that an environment has must stand here; one that it has not is left out by the reader. */
const ROLES: Readonly<Record<string, (app: Deployed) => RoleRows>> = {
  'Data.DatabaseMonitoringRole': monitoringRows,
  'Delivery.devRole': (app) => deployRoleRows(app, 'dev'),
  'Delivery.stagingRole': (app) => deployRoleRows(app, 'staging'),
  'ModelStore.CustomS3AutoDeleteObjectsCustomResourceProviderRole': emptyingRows,
  'ModelStore.StoreUploadRole': uploadRows,
  'Network.CustomVpcRestrictDefaultSGCustomResourceProviderRole': defaultGroupRows,
  'Network.NetworkFlowLogRole': flowLogRows,
  'Platform.BackendRole': backendRows,
  'Platform.ClusterAdministratorRole': administratorRows,
  'Platform.ClusterDeployerRole': deployerRows,
  'Platform.ClusterKubectlProviderframeworkonEventServiceRole': deployerFrameworkRows,
  'Platform.ClusterControlPlaneRole': controlPlaneRows,
  'Platform.ClusterNodeRole': nodeRows,
  'Platform.MigrationRole': migrationRows,
  'Platform.WorkloadsObservabilityAgentsRole': agentRows,
  'Serving.CustomS3AutoDeleteObjectsCustomResourceProviderRole': emptyingRows,
  'Serving.DriftRole': driftRows,
  'Serving.InferenceRole': inferenceRows,
  'Workbench.NotebookRole': notebookRows,
  'Workbench.TrainerRole': trainerRows,
};

/** What the table says about a role of the environment; undefined where it says nothing. */
export function rowsOf(app: Deployed, role: string): RoleRows | undefined {
  const prefix = `${environmentPrefix(app.plan.environment.name)}-`;
  const endpoint = app.plan.topology.endpoints.find(
    ({ name }) => role === `Serving.Endpoint${name.replace(prefix, '').replaceAll('-', '')}Role`,
  );
  return endpoint === undefined ? ROLES[role]?.(app) : endpointRows(app, endpoint, role);
}
