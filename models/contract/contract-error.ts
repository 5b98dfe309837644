import type * as z from 'zod';

/** One thing that is wrong with a specialist's files. */
export interface ContractProblem {
  /** File, as in `general/model.json`. */
  readonly file: string;
  /** Key inside the file, as in `graph.sha256` or `features[3]`; empty for the file as a whole. */
  readonly key: string;
  readonly given: unknown;
  readonly allowed: string;
}

const LONGEST_VALUE = 80;

function spell(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

function line({ file, key, given, allowed }: ContractProblem): string {
  return `${file}${key === '' ? '' : `: ${key}`}: given ${spell(given)}; allowed is ${allowed}`;
}

/** A specialist's files break their contract. The message lists every problem, one a line. */
export class ContractError extends Error {
  override readonly name = 'ContractError';

  constructor(readonly problems: readonly ContractProblem[]) {
    super(problems.map(line).join('\n'));
  }
}

function spellPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

function allowedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `a value of type ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `at least ${issue.minimum}${issue.origin === 'array' ? ' of them' : ''}`;
    case 'too_big':
      return `at most ${issue.maximum}${issue.origin === 'array' ? ' of them' : ''}`;
    default:
      return issue.message;
  }
}

/**
 * Turns zod's issues into problems that name file, key, value and what is allowed.
 *
 * @param error of a parse with `reportInput: true`
 */
export function explainContractIssues(file: string, error: z.ZodError): ContractProblem[] {
  return error.issues.flatMap((issue): ContractProblem[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        file,
        key: spellPath([...issue.path, key]),
        given: key,
        allowed: 'no such key',
      }));
    }
    return [{ file, key: spellPath(issue.path), given: issue.input, allowed: allowedBy(issue) }];
  });
}
