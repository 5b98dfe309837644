import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import cdkJson from '../../../cdk.json';
import type { RollbackAlarmsSwitch } from '../../../lib/constructs/serving/endpoint-deployment';
import type { Topology } from '../../../lib/plan/hosting/endpoint-plan';
import { projectPath } from '../../../lib/util/project-path';
import { ModelStoreStack } from '../../../lib/stacks/model-store-stack';
import { OperationsStack } from '../../../lib/stacks/operations-stack';
import { ServingStack } from '../../../lib/stacks/serving-stack';
import { type Changes, environmentWith } from '../stacks/infrastructure';
import { type TemplateJson, templateJson } from './template';

/** An app with the feature flags of cdk.json. */
export function projectApp(): App {
  return new App({
    analyticsReporting: false,
    treeMetadata: false,
    context: cdkJson.context,
  });
}

/** The stacks that serve models, synthesized. */
export interface Serving {
  readonly modelStore: TemplateJson;
  readonly serving: TemplateJson;
  readonly operations: TemplateJson;
  /** Images that the serving stack publishes: platform by tag. */
  readonly platforms: Readonly<Record<string, string>>;
  /** Folder of the inference function's code. */
  readonly code: string;
  /** Names of the stacks that the serving stack waits for. */
  readonly servingWaitsFor: readonly string[];
}

export interface ServingOptions {
  /** Sections of the environment to replace. @default - the shipped `dev` */
  readonly changes?: Changes;
  /** @default - the specialists that the project ships */
  readonly modelsFolder?: string;
  /** @default 'on' */
  readonly rollbackAlarms?: RollbackAlarmsSwitch;
}

interface AssetManifest {
  readonly files: Readonly<Record<string, { readonly source: { readonly path: string } }>>;
  readonly dockerImages?: Readonly<
    Record<string, { readonly source: { readonly executable?: readonly string[] } }>
  >;
}

function codeFolder(serving: TemplateJson, { files }: AssetManifest): string {
  const fn = Object.values(serving.Resources).find(({ Type }) => Type === 'AWS::Lambda::Function');
  const key = (fn?.Properties?.['Code'] as { S3Key?: string } | undefined)?.S3Key ?? '';
  return files[key.replace(/\.zip$/, '')]?.source.path ?? '';
}

/** Synthesizes what serves a topology, wired the way the stage wires it. */
export function servingOf(topology: Topology, options: ServingOptions = {}): Serving {
  const environment = environmentWith(options.changes);
  const { modelsFolder = projectPath('models'), rollbackAlarms } = options;
  const app = projectApp();
  const store = new ModelStoreStack(app, 'ModelStore', { environment, modelsFolder });
  const serving = new ServingStack(app, 'Serving', {
    environment,
    store: store.store,
    accessLogs: store.accessLogs,
    topology,
    rollbackAlarms,
  });
  const { endpoints, inference, drift } = serving;
  const operations = new OperationsStack(app, 'Operations', { environment, endpoints, inference, drift });
  const template = templateJson(Template.fromStack(serving));
  const artifact = app.synth().getStackByName(serving.stackName);
  const assets = artifact.dependencies.find(({ id }) => id.endsWith('.assets'));
  const manifest = (assets as unknown as { readonly contents: AssetManifest } | undefined)?.contents ?? {
    files: {},
  };
  return {
    modelStore: templateJson(Template.fromStack(store)),
    serving: template,
    operations: templateJson(Template.fromStack(operations)),
    platforms: Object.fromEntries(
      Object.entries(manifest.dockerImages ?? {}).map(([tag, { source }]) => [
        tag,
        source.executable?.find((word) => word.startsWith('linux/')) ?? '',
      ]),
    ),
    code: codeFolder(template, manifest),
    servingWaitsFor: serving.dependencies.map(({ stackName }) => stackName),
  };
}

const known = new Map<Topology, Serving>();

/** The same without options, synthesized once for each topology in a test file. */
export function servingOnce(topology: Topology): Serving {
  const found = known.get(topology) ?? servingOf(topology);
  known.set(topology, found);
  return found;
}
