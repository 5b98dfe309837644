import { type Handler, page } from '../aws/page';
import { type AwsObject, AwsRefusal } from '../aws/protocol';
import type { DeployedAccount, Named } from './deployed-account';

/** Tag of the model server's image, and the repository that the bootstrap made for it. */
export const TAG = '0123456789abcdef'.repeat(4);
export const REPOSITORY = 'cdk-hnb659fds-container-assets-123456789012-us-east-1';

/** What a list of configurations or models has of those whose names hold a text. */
function listed(all: Named, kind: 'EndpointConfig' | 'Model', contained: unknown): AwsObject[] {
  return Object.keys(all)
    .filter((name) => name.includes(String(contained)))
    .map((name) => ({
      [`${kind}Name`]: name,
      [`${kind}Arn`]: `arn:aws:sagemaker:us-east-1:123456789012:${kind.toLowerCase()}/${name}`,
      CreationTime: new Date(0),
    }));
}

function found(all: Named, name: unknown, kind: string): AwsObject {
  const one = all[String(name)];
  if (one === undefined)
    throw new AwsRefusal('ValidationException', `Could not find ${kind} "${String(name)}".`);
  return one;
}

/** Answers on the endpoints of a deployed account: SageMaker's, and the registry's. */
export function sageMakerHandlers(account: DeployedAccount): Readonly<Record<string, Handler>> {
  return {
    'ecr:DescribeImages': (_world, { repositoryName, imageIds }) => {
      const [{ imageTag = '' } = {}] = imageIds as { imageTag?: string }[];
      const type = repositoryName === REPOSITORY ? account.images[imageTag] : undefined;
      if (type === undefined) throw new AwsRefusal('ImageNotFoundException', 'The image does not exist');
      return { imageDetails: [{ imageManifestMediaType: type }] };
    },
    'sagemaker:DescribeEndpoint': (_world, { EndpointName }) =>
      found(account.endpoints, EndpointName, 'endpoint'),
    'sagemaker:DescribeEndpointConfig': (_world, { EndpointConfigName }) =>
      found(account.configs, EndpointConfigName, 'endpoint configuration'),
    'sagemaker:DescribeModel': (_world, { ModelName }) => found(account.models, ModelName, 'model'),
    'sagemaker:ListEndpointConfigs': (_world, { NameContains, NextToken }) => {
      const { items, next } = page(listed(account.configs, 'EndpointConfig', NameContains), NextToken, 2);
      return { EndpointConfigs: items, NextToken: next };
    },
    'sagemaker:ListModels': (_world, { NameContains, NextToken }) => {
      const { items, next } = page(listed(account.models, 'Model', NameContains), NextToken, 2);
      return { Models: items, NextToken: next };
    },
    'sagemaker:ListTags': (_world, { ResourceArn }) => {
      const name = String(ResourceArn).split('/').at(-1) ?? '';
      return { Tags: [{ Key: 'mini-xdr:environment', Value: account.tags[name] ?? account.environment }] };
    },
  };
}
