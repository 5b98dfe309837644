import type { Variant } from './model-metadata';

/** File of the bundle that says what is known of its models. */
export const CONTRACTS_FILE = 'contracts.json';

/** Folders of the bundle that hold one folder for each specialist. */
export const MODEL_FOLDERS: Readonly<Record<Variant, string>> = {
  champion: 'models',
  challenger: 'challengers',
};
