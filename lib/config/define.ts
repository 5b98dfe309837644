import type { z } from 'zod';
import type { environmentSchema } from './schema';

/** What an environment file writes down: plain data, checked by the loader. */
export type EnvironmentInput = z.input<typeof environmentSchema>;
