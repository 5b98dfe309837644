import { DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import type { Environment } from '../config/environment';
import { environmentPrefix } from '../config/resource-names';
import { type Check, type Found, checkOf, failed, ok, undetermined } from './check-outcome';
import type { Reader } from './verify-reader';

/** Names of the stacks that an environment consists of, in the order of their building. */
export function stacksOf({ name, database, platform, workbench }: Environment): string[] {
  const parts = [
    'Network',
    'ModelStore',
    'Serving',
    ...(database.enabled ? ['Data'] : []),
    ...(platform.enabled ? ['Platform'] : []),
    ...(workbench.notebook || workbench.trainer ? ['Workbench'] : []),
    'Operations',
  ];
  return parts.map((part) => `${environmentPrefix(name)}-${part}`);
}

/** States in which everything of the last deploy stands. (CloudFormation: stack status codes.) */
const DONE = new Set<string>([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
  'IMPORT_COMPLETE',
]);

/** A deploy that nobody has to mend: it is only not over. */
const UNDER_WAY = new Set<string>(['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'IMPORT_IN_PROGRESS']);

function judge({ StackStatus, StackStatusReason: reason }: Stack, name: string): Found {
  const status: string = StackStatus ?? 'in no known state';
  if (DONE.has(status)) return ok(status);
  const why = reason === undefined ? status : `${status}: ${reason}`;
  if (UNDER_WAY.has(status)) return undetermined(why, 'verify again when the deploy is over');
  return failed(
    why,
    `see the events of ${name} in CloudFormation for what failed first, mend it and deploy again`,
  );
}

/** Whether every stack of the environment is there, and its last deploy came to its end. */
export async function checkStacks(
  environment: Environment,
  { cloudFormation, read, signal }: Reader,
): Promise<Check[]> {
  return Promise.all(
    stacksOf(environment).map(async (name) => {
      const answer = await read('cloudformation:DescribeStacks', () =>
        cloudFormation.send(new DescribeStacksCommand({ StackName: name }), { abortSignal: signal }),
      );
      if (answer.state === 'unknown') return checkOf('stack', name, [answer.found]);
      const stack = answer.state === 'known' ? answer.value.Stacks?.[0] : undefined;
      const found =
        stack === undefined
          ? failed(
              'is not in this account and region',
              `deploy it: npx cdk deploy --all -c env=${environment.name}`,
            )
          : judge(stack, name);
      return checkOf('stack', name, [found]);
    }),
  );
}
