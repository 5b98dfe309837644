import type { Specialist } from '../../../models/catalogue';
import type { PredictionResponse } from '../../../models/runtime/prediction-response';
import type { ModelMetadata, Variant } from '../model-metadata';
import type { Flows } from '../api/flows';

/** Answers inside the function, from a model of its bundle. Rejects with a Failure only. */
export type AskEmbedded = (
  specialist: Specialist,
  variant: Variant,
  flows: Flows,
) => Promise<PredictionResponse>;

/** What a specialist answered, and how it came to that. */
export interface ModelResult {
  readonly specialist: Specialist;
  readonly response: PredictionResponse;
  readonly servedBy: 'endpoint' | 'embedded';
  /** Whether the function had to answer in place of an endpoint. */
  readonly degraded: boolean;
  readonly variant: Variant;
  /** What kept the endpoint from answering, by names that are safe to log; absent where nothing did. */
  readonly cause?: string;
  /** The model that answered, as the bundle knows it. */
  readonly known: ModelMetadata;
}
