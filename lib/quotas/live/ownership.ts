import {
  type StackResourceSummary,
  type StackSummary,
  paginateListStackResources,
  paginateListStacks,
} from '@aws-sdk/client-cloudformation';
import type { Aws } from '../../aws/session';
import { type Outcome, everyItem, once, outcomeOf } from '../../aws/outcome';
import { ReadFailure } from '../../aws/read-failure';

/** What the AWS resources of one kind are told apart by. */
export interface Identity {
  /** Everything that CloudFormation may call it: name, id, ARN. */
  readonly ids: readonly (string | undefined)[];
  /** Its tags, where the answer carries them. */
  readonly tags?: readonly { readonly Key?: string; readonly Value?: string }[];
}

/** Says what this environment's own stacks hold, so that it is not counted twice when they are deployed again. */
export interface Ownership {
  /** Every stack that exists, nested ones included. */
  readonly stacks: () => Promise<StackSummary[]>;
  readonly isOwnStack: (name: string | undefined) => boolean;
  /** @throws ReadFailure when it cannot be told */
  readonly owns: (identity: Identity) => Promise<boolean>;
  /** Own resources of a CloudFormation type. @throws ReadFailure when they cannot be listed */
  readonly ownOf: (type: string) => Promise<StackResourceSummary[]>;
}

const STACK_TAG = 'aws:cloudformation:stack-name';

/** Environments' names are lower-case, so `mini-xdr-dev-Network` is of dev and `mini-xdr-dev-2-Network` is not. */
const STACK_ID = /^[A-Z][A-Za-z0-9]*(-|$)/;

/** @param prefix of the environment's stacks, such as `mini-xdr-dev-` */
export function ownership({ cloudFormation: client }: Aws, prefix: string): Ownership {
  const isOwnStack = (name = '') => name.startsWith(prefix) && STACK_ID.test(name.slice(prefix.length));
  const stacks = once(async () => {
    const all = await everyItem(paginateListStacks({ client }, {}), ({ StackSummaries }) => StackSummaries);
    // A deleted stack stays listed for ninety days.
    return all.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
  });
  const resources = once(async () => {
    const own = (await stacks()).filter(({ StackName }) => isOwnStack(StackName));
    const lists = own.map(({ StackName }) =>
      everyItem(
        paginateListStackResources({ client }, { StackName }),
        ({ StackResourceSummaries }) => StackResourceSummaries,
      ),
    );
    return (await Promise.all(lists)).flat();
  });
  const read = once((): Promise<Outcome<StackResourceSummary[]>> => outcomeOf(resources()));
  const ids = once(
    async () => new Set((await resources()).map(({ PhysicalResourceId }) => PhysicalResourceId)),
  );
  return {
    stacks,
    isOwnStack,
    owns: async ({ ids: names, tags }) => {
      const tagged = tags?.find(({ Key }) => Key === STACK_TAG)?.Value;
      if (tagged !== undefined) return isOwnStack(tagged);
      const listed = await read();
      if (!listed.known) {
        throw new ReadFailure(
          listed.denied === undefined ? 'failed' : 'denied',
          listed.denied,
          listed.missing,
        );
      }
      const own = await ids();
      return names.some((name) => name !== undefined && own.has(name));
    },
    ownOf: async (type) => (await resources()).filter(({ ResourceType }) => ResourceType === type),
  };
}
