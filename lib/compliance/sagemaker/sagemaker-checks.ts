import type { CfnResource, PolicyValidationPluginReport } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { NagMessageLevel, NagPack } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { OWN_PACK } from '../pack-names';
import { type Breach, type Rule } from './sagemaker-rule';
import { burstableNotScaled } from './rules/burstable-not-scaled';
import { encryptedVolumes } from './rules/encrypted-volumes';
import { guardedServiceTrust } from './rules/guarded-service-trust';
import { guardedUpdates } from './rules/guarded-updates';
import { hardenedNotebook } from './rules/hardened-notebook';
import { hashedArtifacts } from './rules/hashed-artifacts';
import { narrowInvoke } from './rules/narrow-invoke';
import { narrowPassRole } from './rules/narrow-pass-role';
import { noCreateWithPassRole } from './rules/no-create-with-pass-role';
import { noFixedNames } from './rules/no-fixed-names';
import { noFullAccessPolicy } from './rules/no-full-access-policy';
import { pinnedImages } from './rules/pinned-images';
import { projectArtifacts } from './rules/project-artifacts';
import { scaledVariants } from './rules/scaled-variants';
import { type InstanceQuota, scalingWithinQuota } from './rules/scaling-within-quota';
import { serverlessPool } from './rules/serverless-pool';
import { statedObservability } from './rules/stated-observability';
import { ResourceTree } from './resource-tree';

/** What the rules must know beyond the tree. */
export interface SageMakerCheckOptions {
  /**
   * Instances of a type that the app may run on endpoints. A type it does not know is a finding.
   *
   * @default - quotas of instance types are not checked
   */
  readonly instanceQuota?: InstanceQuota;
  /**
   * Total concurrency that the app's serverless endpoints may reserve.
   *
   * @default - the concurrency pool is not checked
   */
  readonly serverlessConcurrency?: number;
  /**
   * The only bucket that models may be loaded from.
   *
   * @default - any bucket of the tree, but none that is only named
   */
  readonly modelBucket?: IBucket;
}

/** The project's own rules about SageMaker and what surrounds it, as a cdk-nag pack. */
export class MiniXdrSageMakerChecks extends NagPack {
  readonly name = OWN_PACK;
  private readonly rules: readonly Rule[];
  private tree?: ResourceTree;

  constructor(options: SageMakerCheckOptions = {}) {
    super();
    this.packName = this.name;
    this.rules = rulesFor(options);
  }

  override validateScope(scope: IConstruct): PolicyValidationPluginReport {
    this.tree = new ResourceTree(scope);
    return super.validateScope(scope);
  }

  protected checkResource(node: CfnResource): void {
    const tree = (this.tree ??= new ResourceTree(node.node.root));
    for (const rule of this.rules) {
      if (!rule.types.includes(node.cfnResourceType)) continue;
      for (const breach of rule.check(tree.of(node), tree)) this.report(node, rule, breach);
    }
  }

  /** One call a fault, because the base class knows only one description a rule. */
  private report(node: CfnResource, rule: Rule, breach: Breach): void {
    this.applyRule({
      node,
      ruleSuffixOverride: rule.id,
      level: NagMessageLevel.ERROR,
      info: `${breach.problem} ${breach.fix}`,
      explanation: rule.why,
      // Validation ids must have their brackets in pairs, which a reference inside the key keeps.
      rule: () => [breach.key],
    });
  }
}

function rulesFor(options: SageMakerCheckOptions): readonly Rule[] {
  const { instanceQuota, serverlessConcurrency, modelBucket } = options;
  return [
    noFullAccessPolicy,
    narrowInvoke,
    narrowPassRole,
    noCreateWithPassRole,
    guardedServiceTrust,
    scaledVariants,
    burstableNotScaled,
    ...(instanceQuota ? [scalingWithinQuota(instanceQuota)] : []),
    ...(serverlessConcurrency !== undefined ? [serverlessPool(serverlessConcurrency)] : []),
    encryptedVolumes,
    statedObservability,
    projectArtifacts(modelBucket && resourcePathOf(modelBucket)),
    hashedArtifacts,
    pinnedImages,
    noFixedNames,
    guardedUpdates,
    hardenedNotebook,
  ];
}

function resourcePathOf(bucket: IBucket): string {
  const resource = bucket.node.defaultChild;
  if (resource) return resource.node.path;
  throw new Error(
    `The model bucket ${bucket.node.path} is imported. Pass the bucket that the app creates, so that models can be traced to it.`,
  );
}
