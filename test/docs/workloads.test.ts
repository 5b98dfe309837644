import { readFileSync } from 'node:fs';
import { projectPath } from '../../lib/util/project-path';
import { MODEL_PATHS } from '../../lib/workloads';
import { WORKLOADS, type Workload } from '../../lib/config/workloads/workload-names';
import { DEREGISTRATION_SECONDS } from '../../lib/config/workloads/rollout-timing';
import { get, object, OPTIONS, rendered } from '../support/workloads/workload-fixtures';
import { tableWith, textOf, written } from './documents';
import { migrationGateOf } from './migration-gate';

const text = textOf('lib/workloads/README.md');
const prose = text.replaceAll(/\s+/g, ' ');
const manifests = rendered({ network: { ...OPTIONS.network, nat: true } });

function podOf(workload: Workload) {
  const owner =
    workload === 'migration'
      ? (manifests.find(({ kind }) => kind === 'Job') ?? {})
      : object(manifests, 'Deployment', workload);
  return get(owner, 'spec.template.spec');
}

const containerOf = (workload: Workload) => get(podOf(workload), 'containers.0');

/** A row of the table of figures, a cell for each workload. */
function figures(label: string): string[] {
  const rows = tableWith(text, 'backend').map((row) => row.map((cell) => cell.replaceAll('`', '')));
  const row = rows.find(([first]) => first === label);
  if (row === undefined) throw new Error(`no row ${label}`);
  return row.slice(1);
}

describe('the contract for images says what the manifests do:', () => {
  it('port, health path and size of every workload', () => {
    const of = (path: string) => WORKLOADS.map((workload) => get(containerOf(workload), path));

    expect(figures('listens on')).toEqual(
      of('ports.0.containerPort').map((port) => written(port ?? 'nothing')),
    );
    expect(figures('answers 200 to a GET of')).toEqual(
      of('startupProbe.httpGet.path').map((path) => path ?? 'nothing'),
    );
    expect(figures('CPU and memory that it asks')).toEqual(
      WORKLOADS.map((_, index) =>
        ['cpu', 'memory'].map((what) => bytesOf(of(`resources.requests.${what}`)[index])).join(', '),
      ),
    );
    expect(figures('memory from which it is ended')).toEqual(of('resources.limits.memory').map(bytesOf));
    expect(figures('identity of AWS')).toEqual(['backend', 'none', 'migration']);
    for (const workload of WORKLOADS) expect(get(podOf(workload), 'serviceAccountName')).toBe(workload);
  });

  it('who runs it, and where it may write', () => {
    for (const workload of WORKLOADS) {
      const [volume] = get(podOf(workload), 'volumes') as { emptyDir?: { sizeLimit?: string } }[];
      const user = written(get(podOf(workload), 'securityContext.runAsUser'));

      expect(prose).toContain(`As user and group ${user}`);
      expect(get(containerOf(workload), 'securityContext.readOnlyRootFilesystem')).toBe(true);
      expect(volume?.emptyDir?.sizeLimit).toBe('256Mi');
    }
    expect(prose).toContain('Only `/tmp` can be written, 256 MiB of it');
  });

  it('how long it may take to start, to answer and to stop', () => {
    const probe = (name: string, field: string) =>
      Number(get(containerOf('backend'), `${name}Probe.${field}`));
    const start = probe('startup', 'periodSeconds') * probe('startup', 'failureThreshold');
    const drain = Number(get(containerOf('backend'), 'lifecycle.preStop.sleep.seconds'));
    const grace = Number(get(podOf('backend'), 'terminationGracePeriodSeconds'));

    expect(prose).toContain(`**${start} seconds to start**`);
    expect(prose).toContain(`within ${probe('readiness', 'timeoutSeconds')} seconds`);
    expect(prose).toContain(
      `every ${probe('readiness', 'periodSeconds')} seconds whether it is ready, and gets no requests after ` +
        `${probe('readiness', 'failureThreshold')} failures; every ${probe('liveness', 'periodSeconds')} seconds ` +
        `whether it lives, and is restarted after ${probe('liveness', 'failureThreshold')}.`,
    );
    expect(prose).toContain(
      `no new requests for ${drain} seconds, then **SIGTERM**, then has ${grace - drain} seconds`,
    );
    expect(prose).toContain(
      `ready for ${written(get(object(manifests, 'Deployment', 'backend'), 'spec.minReadySeconds'))} seconds`,
    );
    expect(prose).toContain(`waits ${DEREGISTRATION_SECONDS} seconds for answers`);
  });

  it('where the endpoint configuration and the models lie', () => {
    const mounts = get(containerOf('backend'), 'volumeMounts') as { mountPath: string }[];
    const folder = mounts.map(({ mountPath }) => mountPath).find((path) => path !== '/tmp');
    const data = get(object(manifests, 'ConfigMap', 'sagemaker-endpoints'), 'data') as object;

    expect(prose).toContain(`\`${folder}/${Object.keys(data).join()}\`, read-only`);
    expect(prose).toContain(`at ${MODEL_PATHS.map((path) => `\`${path}\``).join(' or ')}.`);
  });

  it('how often, and for how long, a migration is tried', () => {
    const job = manifests.find(({ kind }) => kind === 'Job') ?? {};
    const tries = Number(get(job, 'spec.backoffLimit')) + 1;
    const minutes = Number(get(job, 'spec.activeDeadlineSeconds')) / 60;

    expect(prose).toContain(`${tries} times in all within ${minutes} minutes`);
    expect(migrationGateOf().timeoutMinutes).toBeGreaterThan(minutes);
  });

  it('which ports the network allows, and no other', () => {
    const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
    const allowed = policies.flatMap((policy) =>
      [...JSON.stringify(policy).matchAll(/"port":(\d+)/g)].map(([, port]) => Number(port)),
    );
    const told = tableWith(text, 'from')
      .slice(1)
      .map((row) => Number.parseInt(row[2] ?? '', 10));

    const sorted = (ports: number[]) => [...new Set(ports)].sort((a, b) => a - b);
    expect(sorted(told)).toEqual(sorted(allowed));
    expect(JSON.stringify(policies)).toContain('169.254.170.23/32');
  });

  it('which environment variables there are', () => {
    const source = readFileSync(projectPath('lib/constructs/platform/platform-workloads.ts'), 'utf8');
    const given = [...source.matchAll(/\b(AWS_REGION|INFERENCE_\w+|DATABASE_\w+):/g)].map(([, name]) => name);
    const told = tableWith(text, 'variable')
      .slice(1)
      .map(([name]) => name?.replaceAll('`', ''));

    expect(new Set(told)).toEqual(new Set(given));
  });
});

/** A quantity of Kubernetes in MiB, as the table has it; CPU as it is. */
function bytesOf(quantity: unknown): string {
  const [, gib] = /^(\d+)Gi$/.exec(written(quantity)) ?? [];
  return gib === undefined ? written(quantity) : `${Number(gib) * 1024}Mi`;
}
