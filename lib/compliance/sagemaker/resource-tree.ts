import { CfnResource, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { render, type RenderedResource } from '../rendered-resource';

/** The resources under a scope, by type; each is rendered once, and only when a rule asks for it. */
export class ResourceTree {
  private readonly byType = new Map<string, CfnResource[]>();
  private readonly rendered = new WeakMap<CfnResource, RenderedResource>();
  private paths?: ReadonlyMap<Stack, ReadonlyMap<string, string>>;
  private readonly resources: readonly CfnResource[];

  constructor(root: IConstruct) {
    this.resources = root.node.findAll().filter((node) => CfnResource.isCfnResource(node));
    for (const resource of this.resources) {
      const siblings = this.byType.get(resource.cfnResourceType);
      if (siblings) siblings.push(resource);
      else this.byType.set(resource.cfnResourceType, [resource]);
    }
  }

  /** Resources of the types, in the order of the types and, within one, of the tree. */
  ofType(...types: readonly string[]): readonly RenderedResource[] {
    return types.flatMap((type) => this.byType.get(type) ?? []).map((resource) => this.of(resource));
  }

  /** The resource of a construct. */
  of(resource: CfnResource): RenderedResource {
    const known = this.rendered.get(resource);
    if (known) return known;
    const rendered = render(resource, (logicalId) => this.pathOf(Stack.of(resource), logicalId));
    this.rendered.set(resource, rendered);
    return rendered;
  }

  private pathOf(stack: Stack, logicalId: string): string | undefined {
    this.paths ??= this.indexPaths();
    return this.paths.get(stack)?.get(logicalId);
  }

  private indexPaths(): ReadonlyMap<Stack, ReadonlyMap<string, string>> {
    const index = new Map<Stack, Map<string, string>>();
    for (const resource of this.resources) {
      const stack = Stack.of(resource);
      const paths = index.get(stack) ?? new Map<string, string>();
      paths.set(String(stack.resolve(resource.logicalId)), resource.node.path);
      index.set(stack, paths);
    }
    return index;
  }
}
