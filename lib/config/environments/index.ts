import type { EnvironmentInput } from '../environment-input';
import { dev } from './dev';
import { prod } from './prod';
import { staging } from './staging';

/** Every environment of the project. A new one is a new file and a line here. */
export const ENVIRONMENTS: Readonly<Record<string, EnvironmentInput>> = { dev, staging, prod };
