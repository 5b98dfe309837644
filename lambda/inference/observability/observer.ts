import type { Specialist } from '../../../models/catalogue';
import type { ModelResult } from '../specialists/model-result';
import type { Caller } from '../api/event';

/** What the log says of a request: one line, with ids and figures and nothing of the payload. */
export interface RequestSummary {
  readonly requestId: string;
  /** Lambda's own id. */
  readonly lambdaRequestId: string;
  readonly caller: Caller;
  readonly status: number;
  readonly ms: number;
  readonly rows?: number;
  /** Who was asked; nobody in particular when absent. */
  readonly specialist?: Specialist;
  readonly servedBy?: ModelResult['servedBy'];
  readonly degraded?: boolean;
  readonly variant?: ModelResult['variant'];
  readonly version?: string;
  /** Of a failure. */
  readonly code?: string;
  /** Names of what is behind a failure, or a degraded answer; never a message. */
  readonly cause?: string;
}

/** What the metrics say of one specialist that answered. */
export interface AskedSummary {
  readonly asked: ModelResult;
  readonly ms: number;
  readonly attacks: number;
  readonly lowConfidence: number;
  readonly outOfDistribution: number;
  /** Rows that this specialist disputes. */
  readonly disputed: number;
}

/** Watches the function work. Nothing that it does changes an answer. */
export interface Observer {
  request(summary: RequestSummary): void;
  answered(summary: AskedSummary): void;
  /** @param differing rows on which the second version says something else; undefined where it did not answer */
  shadow(specialist: Specialist, differing: number | undefined): void;
  /** @param cause name of what kept a sample from being kept */
  captureFailed(cause: string): void;
}
