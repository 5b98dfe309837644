import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeImagesCommand } from '@aws-sdk/client-ecr';
import * as z from 'zod';
import { type Check, type Found, checkOf, failed, ok, undetermined } from '../check-outcome';
import { type DeployedStack, partsOf } from '../deployed-stack';
import type { Read, Reader } from '../verify-reader';

/**
 * The manifest that SageMaker takes. It refuses those of the OCI at CreateModel: "Unsupported manifest media type".
 * (aws/amazon-sagemaker-feedback#180)
 */
const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

const REFUSED = 'follow docs/runbook.md#image-refused';

/** As many digits of a tag tell two images apart. */
const SHOWN_OF_TAG = 12;

const modelSchema = z.object({
  PrimaryContainer: z.object({
    Image: z.union([z.string(), z.object({ 'Fn::Sub': z.string() }).transform((join) => join['Fn::Sub'])]),
  }),
});

/** An image as Amazon ECR is asked for it. */
export interface PushedImage {
  readonly repositoryName: string;
  readonly imageTag: string;
}

/**
 * Images that the models of a stack were to run, each once. In the template of a stack that was rolled back, too: an
 * image that SageMaker refuses leaves no model to ask.
 *
 * @param account that the stack is deployed in
 */
export function imagesOf(stack: DeployedStack, account: string): PushedImage[] {
  const images = partsOf(stack, 'AWS::SageMaker::Model').flatMap(({ properties }) => {
    const written = modelSchema.safeParse(properties).data?.PrimaryContainer.Image;
    const image = written?.replaceAll('${AWS::AccountId}', account) ?? '';
    // Behind the registry, whose address may hold further references.
    const [, repositoryName, imageTag] = /^[^/]+\/([^:@]+):([^:@]+)$/.exec(image) ?? [];
    return repositoryName === undefined || imageTag === undefined ? [] : [{ repositoryName, imageTag }];
  });
  return [...new Map(images.map((image) => [image.imageTag, image])).values()];
}

async function found({ repositoryName, imageTag }: PushedImage, reader: Reader): Promise<Found> {
  const { ecr, read, signal: abortSignal } = reader;
  const answer = await read('ecr:DescribeImages', () =>
    ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }] }), { abortSignal }),
  );
  if (answer.state === 'unknown') return answer.found;
  const image = answer.state === 'known' ? answer.value.imageDetails?.[0] : undefined;
  if (image === undefined) {
    return failed(
      `repository ${repositoryName} has no image ${imageTag}`,
      'deploy again: what is missing is pushed',
    );
  }
  const { imageManifestMediaType: type } = image;
  return type === DOCKER_MANIFEST
    ? ok('its manifest has the media type that SageMaker takes')
    : failed(
        `image ${imageTag} in ${repositoryName} has a manifest of type ${type ?? '(none)'}, which SageMaker refuses`,
        REFUSED,
      );
}

/**
 * Whether SageMaker takes the images that were pushed for the models of the Serving stack.
 *
 * @param stack without it there is nothing to look for, which the checks of stacks and endpoints say
 */
export async function checkImages(stack: Read<DeployedStack>, reader: Reader): Promise<Check[]> {
  if (stack.state !== 'known') return [];
  const { cloudFormation, read, signal: abortSignal } = reader;
  const { name } = stack.value;
  const described = await read('cloudformation:DescribeStacks', () =>
    cloudFormation.send(new DescribeStacksCommand({ StackName: name }), { abortSignal }),
  );
  const id = described.state === 'known' ? described.value.Stacks?.[0]?.StackId : undefined;
  const account = /^arn:[^:]+:cloudformation:[^:]+:(\d+):/.exec(id ?? '')?.[1];
  if (account === undefined) {
    const open =
      described.state === 'unknown'
        ? described.found
        : undetermined(`AWS tells no account of ${name}`, 'run the verification again');
    return partsOf(stack.value, 'AWS::SageMaker::Model').length === 0
      ? []
      : [checkOf('image', 'model server', [open])];
  }
  return Promise.all(
    imagesOf(stack.value, account).map(async (image) =>
      checkOf('image', `model server ${image.imageTag.slice(0, SHOWN_OF_TAG)}`, [await found(image, reader)]),
    ),
  );
}
