import { variantFor } from '../../../lambda/inference/specialists/experiment';
import { SPECIALISTS, type Specialist } from '../../../models/catalogue';
import type { DeploymentPlan } from '../../plan/deployment-plan';
import type { Answer } from '../../client/prediction-answer';
import type { ExpectedModels, ExpectedModel } from '../expected-models';

/** A version of a specialist that answers requests, and how it can be met. */
export interface ModelUnderTest extends ExpectedModel {
  readonly specialist: Specialist;
  readonly variant: Answer['variant'];
  /** Where the plan has it served. */
  readonly servedBy: Answer['servedBy'];
  /** Request key that meets it; any does where no second version is on trial. */
  readonly key: string;
}

/** Keys that are tried: with a share of one in a thousand, one of so many meets it all but surely. */
const MOST_KEYS = 20_000;

function keyMeeting(variant: Answer['variant'], specialist: Specialist, share: number): string | undefined {
  for (let at = 0; at < MOST_KEYS; at += 1) {
    const key = `verify-${at}`;
    if (variantFor(key, specialist, share) === variant) return key;
  }
  return undefined;
}

/** Every version that answers requests: of a specialist whose second version is on trial, both that have a share. */
export function modelsUnderTest(
  { environment, topology }: DeploymentPlan,
  tree: ExpectedModels,
): ModelUnderTest[] {
  return SPECIALISTS.flatMap((specialist): ModelUnderTest[] => {
    const { model, golden, challenger } = tree[specialist];
    const share = environment.inference.challengers[specialist]?.share ?? 0;
    const planned = topology.embedded.includes(specialist) ? 'embedded' : 'endpoint';
    const [first, second] = [
      keyMeeting('champion', specialist, share),
      share > 0 ? keyMeeting('challenger', specialist, share) : undefined,
    ];
    return [
      ...(first === undefined
        ? []
        : [
            {
              specialist,
              model,
              golden,
              variant: 'champion' as const,
              servedBy: planned,
              key: first,
            } as const,
          ]),
      // A challenger runs inside the function, wherever the champion does.
      ...(second === undefined || challenger === undefined
        ? []
        : [
            {
              specialist,
              ...challenger,
              variant: 'challenger' as const,
              servedBy: 'embedded' as const,
              key: second,
            },
          ]),
    ];
  });
}
