import { ListTagsCommand, paginateListEndpointConfigs, paginateListModels } from '@aws-sdk/client-sagemaker';
import { ENVIRONMENT_TAG } from '../../config/resource-names';
import { everyItem } from '../../aws/outcome';
import { type Found, ok } from '../check-outcome';
import type { Read, Reader } from '../verify-reader';

/** What an endpoint runs on, by name. */
export interface Generation {
  readonly config: string;
  readonly model: string;
}

interface Listed {
  readonly name: string | undefined;
  readonly arn: string | undefined;
}

/** CloudFormation ends the names that it makes at random, and starts them the same for each generation. */
const stemOf = (name: string) => name.slice(0, name.lastIndexOf('-') + 1);

function listConfigs(NameContains: string, { sageMaker: client, read, signal: abortSignal }: Reader) {
  return read('sagemaker:ListEndpointConfigs', async (): Promise<Listed[]> => {
    const pages = paginateListEndpointConfigs({ client }, { NameContains }, { abortSignal });
    const all = await everyItem(pages, ({ EndpointConfigs }) => EndpointConfigs);
    return all.map(({ EndpointConfigName: name, EndpointConfigArn: arn }) => ({ name, arn }));
  });
}

function listModels(NameContains: string, { sageMaker: client, read, signal: abortSignal }: Reader) {
  return read('sagemaker:ListModels', async (): Promise<Listed[]> => {
    const pages = paginateListModels({ client }, { NameContains }, { abortSignal });
    const all = await everyItem(pages, ({ Models }) => Models);
    return all.map(({ ModelName: name, ModelArn: arn }) => ({ name, arn }));
  });
}

/** The other generations of a name that are of this environment: another one may have the same logical ids. */
async function othersOf(
  current: string,
  environment: string,
  list: (stem: string, reader: Reader) => Promise<Read<Listed[]>>,
  reader: Reader,
): Promise<string[] | Found> {
  const { sageMaker, read, signal: abortSignal } = reader;
  const stem = stemOf(current);
  const listed = await list(stem, reader);
  if (listed.state === 'unknown') return listed.found;
  const others: string[] = [];
  for (const { name, arn: ResourceArn } of listed.state === 'known' ? listed.value : []) {
    if (name === undefined || ResourceArn === undefined || name === current || !name.startsWith(stem))
      continue;
    const tags = await read('sagemaker:ListTags', () =>
      sageMaker.send(new ListTagsCommand({ ResourceArn }), { abortSignal }),
    );
    if (tags.state === 'unknown') return tags.found;
    const own =
      tags.state === 'known' &&
      tags.value.Tags?.some(({ Key, Value }) => Key === ENVIRONMENT_TAG && Value === environment);
    if (own === true) others.push(name);
  }
  return others.sort();
}

/**
 * What of an endpoint's earlier generations is still there: updates keep configurations and models, so that a
 * rolled-back endpoint can run on. They cost nothing, and may go. Only to be asked about an endpoint that runs what
 * the stack created: otherwise one of them is in use.
 */
export async function supersededFound(
  { config, model }: Generation,
  environment: string,
  reader: Reader,
): Promise<Found[]> {
  const configs = await othersOf(config, environment, listConfigs, reader);
  if (!Array.isArray(configs)) return [configs];
  const models = await othersOf(model, environment, listModels, reader);
  if (!Array.isArray(models)) return [models];
  const kept = [
    ...(configs.length > 0 ? [`configurations ${configs.join(', ')}`] : []),
    ...(models.length > 0 ? [`models ${models.join(', ')}`] : []),
  ];
  if (kept.length === 0) return [];
  return [
    ok(`kept from earlier updates, not in use: ${kept.join('; ')} (docs/runbook.md#superseded-models)`),
  ];
}
