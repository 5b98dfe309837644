import type { DescribeModelOutput } from '@aws-sdk/client-sagemaker';
import type { Specialist } from '../../../models/catalogue';
import type { EndpointPlan } from '../../plan/hosting/endpoint-plan';
import { type Found, failed, ok } from '../check-outcome';

/** Folder of the model bucket that holds the artifacts; a test holds it against the model store's own. */
export const ARTIFACTS = 'artifacts';

/** An image of Amazon ECR, with its tag or digest. (Amazon ECR: private registry URIs.) */
const ECR_IMAGE = /^\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/[^\s:@]+[:@]\S+$/;

const REDEPLOY = 'deploy again from this tree, or check out what was deployed';

/** The key of an address in S3, without its bucket. */
function keyOf(address: string | undefined): string | undefined {
  return /^s3:\/\/[^/]+\/(.*)$/.exec(address ?? '')?.[1];
}

/**
 * Whether an endpoint's model is the tree's: its artifact by content hash, and an image out of ECR. A multi-model
 * endpoint loads whatever is asked of it below the folder; which one answers is what the golden vectors tell.
 *
 * @param keys key of each specialist's artifact below the folder, as the tree has it
 */
export function modelFound(
  plan: EndpointPlan,
  { PrimaryContainer: container }: DescribeModelOutput,
  keys: Readonly<Record<Specialist, string>>,
): Found[] {
  const [first] = plan.specialists;
  const shared = plan.mode === 'shared';
  const wanted = shared || first === undefined ? `${ARTIFACTS}/` : `${ARTIFACTS}/${keys[first]}`;
  const given = keyOf(container?.ModelDataUrl);
  const mode = container?.Mode ?? 'SingleModel';
  const image = container?.Image;
  return [
    given === wanted
      ? ok(shared ? 'loads the artifacts of the model bucket' : `artifact ${keys[first ?? 'general']}`)
      : failed(`its artifact is ${given ?? 'none'}, that of the tree is ${wanted}`, REDEPLOY),
    ...(mode === (shared ? 'MultiModel' : 'SingleModel')
      ? []
      : [failed(`its container is of mode ${mode}`, REDEPLOY)]),
    ...(ECR_IMAGE.test(image ?? '')
      ? []
      : [failed(`its image ${image ?? '(none)'} is not one of Amazon ECR`, REDEPLOY)]),
  ];
}
