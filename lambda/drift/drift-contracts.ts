import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SPECIALISTS, type Specialist } from '../../models/catalogue';
import { type ModelContract, parseModelContract } from '../../models/contract/model-contract';

/** What drift is measured against. */
export type DriftContract = Pick<ModelContract, 'version' | 'features' | 'classes' | 'population'>;

/** The contract of every specialist. */
export type DriftContracts = Readonly<Record<Specialist, DriftContract>>;

/**
 * Reads the contracts of a bundle.
 *
 * @param folder holds `<specialist>.json` for each
 * @throws ContractError when one of them is missing or broken
 */
export function readContracts(folder: string): DriftContracts {
  const entries = SPECIALISTS.map((specialist) => {
    const file = `${specialist}.json`;
    const content: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    return [specialist, parseModelContract(`contracts/${file}`, content)] as const;
  });
  return Object.fromEntries(entries) as Record<Specialist, ModelContract>;
}
