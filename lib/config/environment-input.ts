import type { z } from 'zod';
import type { environmentSchema } from './environment';

/** What an environment file writes down: plain data, checked by the loader. */
export type EnvironmentInput = z.input<typeof environmentSchema>;
