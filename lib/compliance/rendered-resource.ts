import {
  type CfnResource,
  DefaultTokenResolver,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  Reference,
  Tokenization,
} from 'aws-cdk-lib';
import { readable, readableText, type Names } from './intrinsics';
import { isRecord, type Json, type JsonRecord, recordOf, textOf } from '../util/json';

/** A resource as CloudFormation gets it, with every reference written as text. */
export interface RenderedResource {
  /** Path of the construct. References to the resource read `${path.Attribute}`, or `${path.Ref}`. */
  readonly path: string;
  /** CloudFormation type. */
  readonly type: string;
  readonly properties: JsonRecord;
  readonly metadata: JsonRecord;
}

/** Finds the construct path of a logical id in the stack of the resource at hand. */
export type PathOf = (logicalId: string) => string | undefined;

/**
 * Renders one resource the way synthesis does, so property overrides and resources without a typed class (CDK's own
 * custom resource roles) are seen. References name the construct they point at, whichever stack it is in, and
 * therefore read the same before and after synthesis.
 */
export function render(resource: CfnResource, pathOf: PathOf): RenderedResource {
  // Marked internal, yet the only source that has overrides and resources without a typed class.
  // oxlint-disable-next-line no-underscore-dangle
  const definitions = resource._toCloudFormation();
  const template: unknown = Tokenization.resolve(definitions, {
    scope: resource,
    resolver: new ReferenceResolver(),
    preparing: false,
  });
  const [definition] = isRecord(template) ? Object.values(recordOf(template['Resources'])) : [];
  const { Properties, Metadata } = recordOf(definition);
  const names = namesIn(pathOf);
  return {
    path: resource.node.path,
    type: resource.cfnResourceType,
    properties: recordOf(readable(Properties, names)),
    metadata: recordOf(readable(Metadata, names)),
  };
}

/** Path of the resource that the text refers to, when it is one reference and nothing else. */
export function targetOf(value: Json): string | undefined {
  return /^\$\{([^{}]+)\.[^./{}]+\}$/.exec(textOf(value) ?? '')?.[1];
}

/** Function that stands for a resolved reference until it is written as text; L1 validators let any `Fn::` pass. */
const REFERENCE = 'Fn::Reference';

function namesIn(pathOf: PathOf): Names {
  return {
    reference: (logicalId, attribute) => `\${${pathOf(logicalId) ?? logicalId}.${attribute ?? 'Ref'}}`,
    imported: (exportName) => `\${import ${exportName}}`,
    functions: { [REFERENCE]: (argument) => textOf(argument) ?? '' },
  };
}

class ReferenceResolver extends DefaultTokenResolver {
  constructor() {
    super(new TextConcat());
  }

  override resolveToken(
    token: IResolvable,
    context: IResolveContext,
    postProcessor: IPostProcessor,
  ): unknown {
    if (!Reference.isReference(token)) return super.resolveToken(token, context, postProcessor) as unknown;
    const { displayName } = token;
    return {
      [REFERENCE]: displayName.startsWith('AWS::')
        ? `\${${displayName}}`
        : `\${${token.target.node.path}.${displayName}}`,
    };
  }
}

class TextConcat {
  join(left: unknown, right: unknown): string {
    return `${this.text(left)}${this.text(right)}`;
  }

  private text(part: unknown): string {
    return readableText(
      part as Json,
      namesIn(() => undefined),
    );
  }
}
