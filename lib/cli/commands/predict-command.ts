import { statSync } from 'node:fs';

import { ContractError } from '../../../models/contract/contract-error';
import { loadEnvironment, resolveTarget } from '../../config/load-environment';
import { EXIT, type ExitCode, UserError } from '../../util/user-error';
import type { Ask } from '../../client/prediction-answer';
import { askHandler } from '../../client/local-client';
import { type Addressee, type PredictionDocument, predictFlows } from '../../client/predict-flows';
import { readFlows } from '../../client/read-flows';
import { projectPath } from '../../util/project-path';
import { renderFailure, renderPredictions, summarizePredictions } from '../../report/predict-table';
import type { Terminal } from '../terminal';
import type { PredictFormat } from './predict-options';

export interface PredictOptions extends Addressee {
  /** File of flows; `-` is standard input. */
  readonly file: string;
  readonly env: string;
  readonly format: PredictFormat;
  /** Whether to run the function's code here. */
  readonly local: boolean;
  /** Folder that holds one folder for each specialist; only with `local`. @default - the project's own */
  readonly models?: string;
  readonly region?: string;
  readonly profile?: string;
  /** Seconds after which what is not answered stays so. */
  readonly deadline: number;
}

/** The function's own code, on the models of a folder. @throws UserError when there is no such folder */
export async function localAsk(models: string = projectPath('models')): Promise<Ask> {
  if (statSync(models, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UserError(`--models ${models} is no folder; it must hold one folder for each specialist`);
  }
  const { createLocalInference } = await import('../../../lambda/inference/local-inference');
  try {
    return askHandler(createLocalInference(models));
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    throw new UserError(
      `the models in ${models} break their contract:\n${error.message}\nMend them; xdr models verify says whether all is right`,
    );
  }
}

async function askFor(options: PredictOptions, io: Terminal): Promise<Ask> {
  const { env, local, models, profile, deadline } = options;
  if (local) return localAsk(models);
  if (models !== undefined) {
    throw new UserError('--models only with --local: the deployed function has models of its own');
  }
  const loaded = loadEnvironment(env);
  const environment = options.region === undefined ? loaded : { ...loaded, region: options.region };
  const { region } = resolveTarget(environment, { region: io.variables['CDK_DEFAULT_REGION'] });
  // The AWS clients take longer to load than a model to answer.
  const { askDeployed } = await import('../../client/deployed-client');
  return askDeployed({
    environment: environment.name,
    region,
    ...(profile === undefined ? {} : { profile }),
    signal: AbortSignal.timeout(deadline * 1000),
  });
}

function show(document: PredictionDocument, format: PredictFormat, io: Terminal): void {
  const { answers } = document;
  if (format === 'json') io.out(`${JSON.stringify(document, null, 2)}\n`);
  else if (format === 'jsonl') io.out(answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''));
  else io.out(renderPredictions(answers));
}

/**
 * Has flows classified by the deployed inference Lambda, or by its code here.
 *
 * @returns 0 when every flow is answered, 1 when the service refuses one, 3 when no answer could be had
 * @throws UserError for a file or option that cannot be used (64), or an environment that is not deployed (3)
 */
export async function predict(options: PredictOptions, io: Terminal): Promise<ExitCode> {
  const { specialist, threatType, format, file, local, env } = options;
  const flows = await readFlows(file);
  const ask = await askFor(options, io);
  const addressee: Addressee = {
    ...(specialist === undefined ? {} : { specialist }),
    ...(threatType === undefined ? {} : { threatType }),
  };
  const { answers, failure } = await predictFlows(flows, addressee, ask);
  const document: PredictionDocument = {
    schemaVersion: 1,
    source: local ? 'local' : 'function-url',
    environment: local ? null : env,
    specialist: specialist ?? null,
    threatType: threatType ?? null,
    rows: flows.rows.length,
    answers,
    failure,
  };
  show(document, format, io);
  io.err(summarizePredictions(document));
  if (failure === null) return EXIT.fits;
  io.err(renderFailure(failure, answers.length));
  return failure.kind === 'refused' ? EXIT.blocked : EXIT.unknown;
}
