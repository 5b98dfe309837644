import manifest from '../../package.json';
import { DEPLOY_BRANCH, DEPLOY_HOURS } from '../../lib/config/delivery/delivered-environments';
import { environmentNames } from '../../lib/config/load-environment';
import { textOf } from '../docs/documents';
import { xdrOnce } from '../support/command-line';
import { type Job, PREPARATION, STEPS, type Step, TEXTS, WORKFLOWS } from './workflow-files';

const SCRIPTS = STEPS.flatMap(({ run }) => run ?? []);

function jobOf(workflow: string, job: string): Job {
  const found = WORKFLOWS[workflow]?.jobs[job];
  if (found === undefined) throw new Error(`there is no job ${job} in ${workflow}`);
  return found;
}

const review = jobOf('deploy', 'review');
const deploy = jobOf('deploy', 'deploy');
const check = jobOf('check', 'check');

const at = ({ steps }: Pick<Job, 'steps'>, wanted: (step: Step) => boolean) => steps.findIndex(wanted);
const running =
  (text: string) =>
  ({ run }: Step) =>
    run?.includes(text) === true;
const using =
  (action: string) =>
  ({ uses }: Step) =>
    uses?.startsWith(action) === true;

describe('every workflow', () => {
  it('takes the actions of others by commit, each at one version that it names', () => {
    const lines = TEXTS.flatMap((text) =>
      [...text.matchAll(/uses: (.+)$/gm)].map(([, action = '']) => action),
    );
    const others = lines.filter((action) => !action.startsWith('./'));

    expect(others.filter((action) => !/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
    expect(new Set(others).size).toBe(new Set(others.map((action) => action.split('@')[0])).size);
    expect(others.length).toBeGreaterThan(4);
  });

  it('has no permission but those that its jobs need', () => {
    const given = Object.entries(WORKFLOWS).flatMap(([name, { permissions, jobs }]) => [
      [name, permissions],
      ...Object.entries(jobs).map(([job, { permissions: own }]) => [`${name}.${job}`, own]),
    ]);
    const signingIn = { contents: 'read', 'id-token': 'write' };

    expect(Object.fromEntries(given)).toEqual({
      check: {},
      'check.check': { contents: 'read' },
      deploy: {},
      'deploy.review': signingIn,
      'deploy.deploy': signingIn,
    });
  });

  it('keeps no credentials of the checkout, and ends', () => {
    for (const { jobs } of Object.values(WORKFLOWS)) {
      for (const { steps, 'timeout-minutes': minutes } of Object.values(jobs)) {
        expect(steps.filter(using('actions/checkout')).map(({ with: given }) => given)).toEqual([
          { 'persist-credentials': false },
        ]);
        expect(minutes).toBeGreaterThan(0);
      }
    }
  });

  it('hands values to scripts as variables: what stands in an expression would be run', () => {
    expect(SCRIPTS.filter((script) => script.includes('${{'))).toEqual([]);
  });

  it('fails where what it pipes fails', () => {
    const piping = STEPS.filter(({ run }) => / \| /.test(run ?? ''));

    expect(piping.length).toBeGreaterThan(1);
    // Without `shell: bash` GitHub runs bash without pipefail.
    expect(piping.filter(({ shell }) => shell !== 'bash')).toEqual([]);
  });

  it('runs commands of this project that exist, with options that they take', async () => {
    const commands = SCRIPTS.flatMap((script) => [
      ...script.replaceAll('\\\n', '').matchAll(/npm run -s (preflight|xdr) -- ([^`;&|\n>]*)/g),
    ]);
    expect(commands.length).toBe(4);

    for (const [, script = '', rest = ''] of commands) {
      expect(Object.keys(manifest.scripts)).toContain(script);
      const words = script === 'preflight' ? ['preflight'] : rest.split(' --')[0]?.split(' ');
      const { out } = await xdrOnce([...(words ?? []), '--help']);
      for (const [option] of rest.matchAll(/--[a-z-]+/g)) expect(out).toContain(option);
    }
  });

  it('knows the environments that there are', () => {
    const { workflow_dispatch: dispatch } = WORKFLOWS['deploy']?.true ?? {};
    const loop = /for environment in (.+); do/.exec(check.steps.at(-1)?.run ?? '')?.[1];

    expect(dispatch).toMatchObject({ inputs: { environment: { options: environmentNames() } } });
    expect(loop?.split(' ')).toEqual(environmentNames());
  });
});

describe('the check', () => {
  it('runs the gate on every version of Node that is supported, from the oldest', () => {
    const [oldest] = /\d+/.exec(manifest.engines.node) ?? [];

    expect(check.strategy?.matrix).toEqual({ node: [Number(oldest), 22, 24] });
    expect(check.steps.filter(running('.ci/run'))).toHaveLength(1);
  });
});

describe('a deployment', () => {
  it('starts by hand alone, and deploys from one branch, which the role trusts', () => {
    expect(Object.keys(WORKFLOWS['deploy']?.true ?? {})).toEqual(['workflow_dispatch']);
    expect(review.if).toBe(`github.ref == 'refs/heads/${DEPLOY_BRANCH}'`);
    expect(deploy.needs).toBe('review');
  });

  it('waits for the reviewers of the environment before each job', () => {
    for (const { environment } of [review, deploy]) expect(environment).toBe('${{ inputs.environment }}');
  });

  it('shows all that changes before it changes anything without asking', () => {
    const shown = review.steps.find(running('cdk diff'))?.run ?? '';

    expect(shown).toContain('"$GITHUB_STEP_SUMMARY"');
    expect(review.steps.filter(running('cdk deploy'))).toEqual([]);
    expect(deploy.steps.find(running('cdk deploy'))?.run).toContain('--require-approval never');
  });

  it('plans both times, and verifies, on what the pre-flight has just read of the account', () => {
    const file = '"$RUNNER_TEMP/account.json"';
    const preflight = PREPARATION.find(running('preflight'));

    expect(preflight?.run).toContain(`--record ${file}`);
    for (const job of [review, deploy])
      expect(job.steps.findIndex(using('./.github/actions/prepare'))).toBe(1);
    for (const step of [...review.steps, ...deploy.steps].filter(running('npx cdk'))) {
      expect(step.run).toContain(`-c snapshot=${file}`);
    }
    expect(deploy.steps.find(running(' verify '))?.run).toContain(`--snapshot ${file}`);
  });

  it('takes over what an earlier deployment kept under the same name', () => {
    expect(deploy.steps.find(running('cdk deploy'))?.run).toContain('--import-existing-resources');
  });

  it('signs in as the role of the environment, for longer than a job may take', () => {
    const signingIn = PREPARATION.find(using('aws-actions/configure-aws-credentials'));

    expect(signingIn?.with).toMatchObject({
      'aws-region': '${{ steps.target.outputs.region }}',
      'role-to-assume': '${{ steps.target.outputs.role }}',
      'role-duration-seconds': '${{ steps.target.outputs.seconds }}',
    });
    for (const { 'timeout-minutes': minutes = Infinity } of [review, deploy]) {
      expect(minutes).toBeLessThan(DEPLOY_HOURS * 60);
    }
  });

  it('verifies what runs, fails where that is not right, and names the section that helps', () => {
    const [deploying, verifying] = [at(deploy, running('cdk deploy')), at(deploy, running(' verify '))];
    const advice = deploy.steps.filter(running('::error'));
    const sections = advice.map(({ run }) => /"(.+)" in (docs\/runbook\.md)/.exec(run ?? ''));

    expect(verifying).toBeGreaterThan(deploying);
    expect(deploy.steps[verifying]?.if).toBeUndefined();
    expect(advice.map(({ if: when }) => when)).toEqual(
      [deploying, verifying].map(
        (index) => `failure() && steps.${deploy.steps[index]?.id ?? ''}.outcome == 'failure'`,
      ),
    );
    for (const found of sections) expect(textOf(found?.[2] ?? '')).toContain(`\n## ${found?.[1] ?? ''}\n`);
  });
});
