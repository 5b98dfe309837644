import { isDeepStrictEqual } from 'node:util';
import { type ModelArtifact, checkArchive, packArtifact } from '../packaging/model-artifact';
import type { Specialist } from '../catalogue';
import { ContractError } from '../contract/contract-error';
import {
  type SpecialistFile,
  type SpecialistFolder,
  readSpecialistFolder,
} from '../contract/specialist-folder';
import { GraphError, SelfTestError } from '../contract/model-errors';

/** What is asked of a specialist, in this order. */
export type CheckName = 'contract' | 'golden' | 'artifact';

export interface Check {
  readonly check: CheckName;
  /** `skipped`: it says nothing while an earlier check fails. `undetermined`: it could not be made. */
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'undetermined';
  /** What was found: every reason of a failure. */
  readonly details: readonly string[];
  /** What to do about it; null where nothing has to be done. */
  readonly remedy: string | null;
}

/** What became of every check of one specialist. */
export interface Verification {
  readonly specialist: Specialist;
  readonly outcome: 'passed' | 'failed' | 'undetermined';
  /** Null where the contract is broken. */
  readonly version: string | null;
  /** Whether this project trained it on public data; null where the contract is broken. */
  readonly reference: boolean | null;
  readonly checks: readonly Check[];
}

/** A verification, with the archive that it is about where every check passed. */
export interface Verified {
  readonly verification: Verification;
  readonly artifact?: ModelArtifact;
}

/** Hooks for what a verification runs. */
export interface VerificationDependencies {
  /** Loads a folder and asks it its golden vectors. @default - the runtime of the model server and the Lambda function */
  readonly load?: (folder: string) => Promise<{ release(): Promise<void> }>;
  /** @default packArtifact */
  readonly pack?: (folder: string) => ModelArtifact;
}

const REMEDY = {
  contract: 'mend what is named, or export the specialist again (models/training/README.md)',
  graph: 'export the graph again so that it fits model.json (models/training/README.md)',
  golden:
    'the graph is not the one that golden.json was made with: look for a missing or doubled scaler, another forward pass, other weights, features or classes in another order; export graph and golden.json together, and never change golden.json to fit',
  unsteady:
    'something writes into the folder, or bytes depend on the machine: verify again when it is at rest',
  runtime: 'install the packages that package-lock.json names (npm ci) and verify again',
} as const;

const SKIPPED = { outcome: 'skipped', details: ['the contract is broken'], remedy: null } as const;

type Finding = Omit<Check, 'check'>;

const passed = (detail: string): Finding => ({ outcome: 'passed', details: [detail], remedy: null });

// ONNX Runtime gives no error of its own for a runtime that is not there; the graph has not been looked at then.
const NO_RUNTIME = /no available backend found/u;

/** What an error says about the specialist: anything but the typed errors of the contract says nothing. */
function findingOf(error: unknown): Finding {
  const { message } = error as Error;
  const details = message.split('\n');
  if (error instanceof ContractError) return { outcome: 'failed', details, remedy: REMEDY.contract };
  if (error instanceof SelfTestError) return { outcome: 'failed', details, remedy: REMEDY.golden };
  if (error instanceof GraphError && !NO_RUNTIME.test(message)) {
    return { outcome: 'failed', details, remedy: REMEDY.graph };
  }
  return { outcome: 'undetermined', details, remedy: REMEDY.runtime };
}

/**
 * Reads the folder of a specialist, if it holds the one that it is named for.
 *
 * @throws ContractError when a file is missing, broken, or another specialist's
 */
export function readNamedSpecialist(folder: string, specialist: Specialist): SpecialistFolder {
  const content = readSpecialistFolder(folder);
  const { name } = content.model;
  if (name === specialist) return content;
  throw new ContractError([
    { file: `${specialist}/model.json`, key: 'name', given: name, allowed: `${specialist}, as its folder` },
  ]);
}

async function loadForReal(folder: string) {
  // WebAssembly: whoever only lists or inspects does not wait for it.
  const { RunningModel } = await import('../runtime/running-model');
  return RunningModel.load(folder);
}

async function checkGolden(
  folder: string,
  { golden }: SpecialistFolder,
  load: NonNullable<VerificationDependencies['load']>,
): Promise<Finding> {
  try {
    const model = await load(folder);
    await model.release();
    return passed(`${golden.vectors.length} vectors answered right, within ${golden.tolerance}`);
  } catch (error) {
    return findingOf(error);
  }
}

function packed(folder: string, pack: (folder: string) => ModelArtifact): ModelArtifact | Finding {
  try {
    return pack(folder);
  } catch (error) {
    return findingOf(error);
  }
}

/** The artifact that both packings agree on, if it opens to the files that were read. */
function compare(
  first: ModelArtifact | Finding,
  second: ModelArtifact | Finding,
  files: Readonly<Record<SpecialistFile, Uint8Array>>,
): ModelArtifact | Finding {
  if ('outcome' in first) return first;
  if ('outcome' in second) return second;
  if (!isDeepStrictEqual(first, second)) {
    const details = [`packed twice, two archives: SHA-256 ${first.sha256} and ${second.sha256}`];
    return { outcome: 'failed', details, remedy: REMEDY.unsteady };
  }
  try {
    checkArchive(`${second.specialist}/model.tar.gz`, second.bytes, files);
    return second;
  } catch (error) {
    return { ...findingOf(error), remedy: REMEDY.unsteady };
  }
}

function overall(checks: readonly Check[]): Verification['outcome'] {
  const outcomes = new Set(checks.map(({ outcome }) => outcome));
  if (outcomes.has('failed')) return 'failed';
  return outcomes.has('undetermined') ? 'undetermined' : 'passed';
}

/**
 * Makes every check of a specialist: whether its contract holds, whether the runtime answers its golden vectors right,
 * whether it packs to the same bytes each time and these open to its files. Never throws for what is wrong with the specialist.
 *
 * @param folder the specialist's folder, such as `models/general`
 * @param specialist what the folder must hold
 */
export async function verifySpecialist(
  folder: string,
  specialist: Specialist,
  { load = loadForReal, pack = packArtifact }: VerificationDependencies = {},
): Promise<Verified> {
  let content: SpecialistFolder;
  try {
    content = readNamedSpecialist(folder, specialist);
  } catch (error) {
    const checks: Check[] = [
      { check: 'contract', ...findingOf(error) },
      { check: 'golden', ...SKIPPED },
      { check: 'artifact', ...SKIPPED },
    ];
    const outcome = overall(checks);
    return { verification: { specialist, outcome, version: null, reference: null, checks } };
  }
  const { features, classes, version, reference } = content.model;
  // Before and after the golden vectors: what was tested is then what both archives hold.
  const before = packed(folder, pack);
  const golden = await checkGolden(folder, content, load);
  const artifact = compare(before, packed(folder, pack), content.files);
  const checks: Check[] = [
    { check: 'contract', ...passed(`${features.length} features, ${classes.length} classes`) },
    { check: 'golden', ...golden },
    {
      check: 'artifact',
      ...('outcome' in artifact
        ? artifact
        : passed(`packed twice, read back, the same ${artifact.bytes.length} bytes: ${artifact.key}`)),
    },
  ];
  const outcome = overall(checks);
  const verification = { specialist, outcome, version, reference, checks };
  return outcome === 'passed' && !('outcome' in artifact) ? { verification, artifact } : { verification };
}
