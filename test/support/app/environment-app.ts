import type { App } from 'aws-cdk-lib';
import { buildEnvironment } from '../../../lib/app';
import { planEnvironment } from '../../../lib/plan/load-plan';
import type { Environment } from '../../../lib/config/environment';
import type { DeploymentPlan } from '../../../lib/plan/deployment-plan';
import { environmentPrefix } from '../../../lib/config/resource-names';
import { planDeployment } from '../../../lib/plan/plan';
import { loadPriceBook } from '../../../lib/pricing/price-book';
import { projectPath } from '../../../lib/util/project-path';
import type { Snapshot } from '../../../lib/quotas/snapshot-schema';
import { loadSnapshot } from '../../../lib/quotas/snapshot';
import type { EnvironmentStage } from '../../../lib/stage';
import { projectApp } from './serving-app';
import type { TemplateJson } from './template';
import { onceARun } from '../once-a-run';

/** An environment with all of its stacks, built and not yet synthesized. */
export interface Built {
  readonly plan: DeploymentPlan;
  readonly app: App;
  readonly stage: EnvironmentStage;
}

/** Builds the app of a plan, as `bin/app.ts` does. */
export function build(plan: DeploymentPlan): Built {
  const app = projectApp();
  return { plan, app, stage: buildEnvironment(app, plan, projectPath('models')) };
}

/** Plan of a shipped environment on its own snapshot. */
export function shippedPlan(environment: string): DeploymentPlan {
  return planEnvironment(environment, {}).plan;
}

/** Plan of any environment in us-east-1, on the snapshot that it names or another one. */
export function planOf(environment: Environment, snapshot?: Snapshot): DeploymentPlan {
  const target = { region: 'us-east-1' };
  return planDeployment({
    environment,
    target,
    snapshot: snapshot ?? loadSnapshot(environment.snapshot),
    prices: loadPriceBook(target.region),
  });
}

/** Templates of every stack by its short name, such as `Serving`; synthesis fails on any open finding. */
export function templatesOf({ app, plan }: Built): Record<string, TemplateJson> {
  const prefix = `${environmentPrefix(plan.environment.name)}-`;
  return Object.fromEntries(
    app
      .synth()
      .stacks.map(({ stackName, template }) => [stackName.replace(prefix, ''), template as TemplateJson]),
  );
}

/** Templates of a shipped environment by the short names of its stacks, with every compliance pack run once. */
export function shippedTemplates(environment: string): Record<string, TemplateJson> {
  return onceARun(`templates-of-${environment}`, () => templatesOf(build(shippedPlan(environment))));
}
