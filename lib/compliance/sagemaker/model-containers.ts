import { type JsonRecord, listOf, recordOf, textOf } from '../../util/json';
import type { RenderedResource } from '../rendered-resource';

/** Resource types that name a container image or a model artifact. */
export const CONTAINER_TYPES = [
  'AWS::SageMaker::Model',
  'AWS::SageMaker::ModelPackage',
  'AWS::SageMaker::InferenceComponent',
] as const;

/** A container of a model. */
export interface ModelContainer {
  readonly image?: string;
  /** S3 URI of an archive, or of a prefix with archives for a multi-model container. */
  readonly artifact?: string;
  readonly multiModel: boolean;
}

/** Every container that a model, a model package or an inference component names. */
export function containersOf(resource: RenderedResource): readonly ModelContainer[] {
  const { PrimaryContainer, Containers, InferenceSpecification, Specification } = resource.properties;
  const packaged = recordOf(InferenceSpecification)['Containers'];
  const component = recordOf(Specification)['Container'];
  const entries = [PrimaryContainer, Containers, packaged, component].flatMap(listOf);
  return entries.map((entry) => container(recordOf(entry)));
}

function container(entry: JsonRecord): ModelContainer {
  const source = recordOf(recordOf(entry['ModelDataSource'])['S3DataSource']);
  return {
    image: textOf(entry['Image']),
    artifact: textOf(entry['ModelDataUrl']) ?? textOf(source['S3Uri']) ?? textOf(entry['ArtifactUrl']),
    multiModel: entry['Mode'] === 'MultiModel',
  };
}
