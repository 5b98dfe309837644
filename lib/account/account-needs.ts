import { SPECIALISTS } from '../../models/catalogue';
import { adminRole } from '../config/platform/admin-principal';
import { isOwnCertificate } from '../config/network/certificate';
import { runsWorkloads } from '../config/workloads/configured-workloads';
import type { DeploymentPlan } from '../plan/deployment-plan';
import { fixedLogGroups } from '../plan/log-group-names';
import type { AccountNeeds } from './account-facts';
import { workloadImages } from './workload-images';
import { linkedRoles } from './linked-roles';

/** The cluster's administrator; of another account only where it is certain that the two differ. */
function clusterAdministrator({ environment, target }: DeploymentPlan): AccountNeeds['adminRole'] {
  const { enabled, adminPrincipal } = environment.platform;
  if (!enabled || adminPrincipal === undefined) return undefined;
  const { account, resource, name } = adminRole(adminPrincipal);
  const elsewhere = account !== undefined && target.account !== undefined && account !== target.account;
  return { resource, name, ...(elsewhere ? { otherAccount: account } : {}) };
}

/** Images and certificate of the platform, as far as there are any. */
function platformNeeds({
  environment,
  target,
}: DeploymentPlan): Pick<AccountNeeds, 'images' | 'certificate'> {
  const { enabled, certificateArn, workloads } = environment.platform;
  return {
    ...(runsWorkloads(environment)
      ? { images: { ...workloadImages(environment, target), nodes: workloads.architecture } }
      : {}),
    // One of another account or region is an error of the plan's own, which no reading is needed for.
    ...(enabled && certificateArn !== undefined && isOwnCertificate(certificateArn, target)
      ? { certificate: certificateArn }
      : {}),
  };
}

/** What a plan asks of its account beside quotas. */
export function accountNeeds(plan: DeploymentPlan): AccountNeeds {
  const { environment, target, topology } = plan;
  const { database, platform, workbench, network, traffic } = environment;
  const { instanceType, backupDays, multiAz, storageGb } = database;
  const zones = network.zones.map((letter) => `${target.region}${letter}`);
  const [firstZone] = zones;
  const administrator = clusterAdministrator(plan);
  return {
    region: target.region,
    linkedRoles: linkedRoles(plan),
    logGroups: fixedLogGroups(plan),
    zones,
    instances:
      workbench.trainer && firstZone !== undefined
        ? // The training instance stands in the first subnet of the workbench, and so in the first zone.
          [{ instanceType: workbench.trainerInstanceType, zone: firstZone }]
        : [],
    cluster: platform.enabled,
    ...(administrator === undefined ? {} : { adminRole: administrator }),
    ...platformNeeds(plan),
    ...(database.enabled ? { database: { instanceType, backupDays, multiAz, storageGb } } : {}),
    serverless: topology.endpoints.some(({ mode }) => mode === 'serverless'),
    peakRps: SPECIALISTS.reduce((sum, name) => sum + traffic[name].peakRps, 0),
  };
}
