import { readSpecialistFolder } from '../../models/contract/specialist-folder';
import { EXIT, type ExitCode } from '../util/user-error';
import type { Flows } from '../client/flow-batches';
import { type PredictionDocument, predictFlows } from '../client/predict-flows';
import { projectPath } from '../util/project-path';
import { renderFailure, renderPredictions, summarizePredictions } from '../report/predict-table';
import type { Terminal } from './terminal';
import { localAsk } from './commands/predict-command';

/** Real flows of a public capture, out of general's golden vectors: one of each class, with what it is. */
function sampleFlows(): Flows {
  const { golden } = readSpecialistFolder(projectPath('models', 'general'));
  const perClass = new Map(golden.vectors.map((vector) => [vector.expected.class, vector]));
  const vectors = [...perClass.values()];
  return {
    by: 'instances',
    rows: vectors.map(({ row }) => row),
    labels: vectors.map(({ expected }) => expected.class),
  };
}

/**
 * Has the function's own code classify a few real flows here, and shows the answers beside what is expected.
 *
 * @returns 0, or 1 when a flow is not answered or gets another label
 */
export async function classifySamples(io: Terminal): Promise<ExitCode> {
  const flows = sampleFlows();
  const { answers, failure } = await predictFlows(flows, {}, await localAsk());
  const document: PredictionDocument = {
    schemaVersion: 1,
    source: 'local',
    environment: null,
    specialist: null,
    threatType: null,
    rows: flows.rows.length,
    answers,
    failure,
  };
  io.out(`Flows of a public capture, classified by the inference Lambda’s own code here\n`);
  io.out(renderPredictions(answers));
  io.out(summarizePredictions(document));
  if (failure !== null) io.err(renderFailure(failure, answers.length));
  const right = answers.every(({ expected, label }) => expected === label);
  return failure === null && right ? EXIT.fits : EXIT.blocked;
}
