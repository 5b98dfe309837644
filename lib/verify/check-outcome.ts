/** What a check is about. */
export type CheckKind =
  | 'stack'
  | 'image'
  | 'endpoint'
  | 'scaling'
  | 'cluster'
  | 'load-balancer'
  | 'workload'
  | 'database'
  | 'door'
  | 'golden';

export type CheckOutcome = 'ok' | 'failed' | 'undetermined';

/** One check of what runs. */
export interface Check {
  readonly kind: CheckKind;
  /** What was looked at: a stack, an endpoint, a workload, a specialist. */
  readonly subject: string;
  readonly outcome: CheckOutcome;
  /** What was found: every reason of a failure. */
  readonly details: readonly string[];
  /** What to do about it; null where nothing has to be done. */
  readonly remedy: string | null;
}

/** Something that was found out about a subject, before it is known what else there is to say of it. */
export interface Found {
  readonly outcome: CheckOutcome;
  readonly detail: string;
  /** Only of what is not ok. */
  readonly remedy?: string;
}

export const ok = (detail: string): Found => ({ outcome: 'ok', detail });

export const failed = (detail: string, remedy: string): Found => ({ outcome: 'failed', detail, remedy });

export const undetermined = (detail: string, remedy: string): Found => ({
  outcome: 'undetermined',
  detail,
  remedy,
});

/** A failure that is certain outweighs something that could not be told. */
export function worst(outcomes: readonly CheckOutcome[]): CheckOutcome {
  if (outcomes.includes('failed')) return 'failed';
  return outcomes.includes('undetermined') ? 'undetermined' : 'ok';
}

/**
 * Makes one check of all that was found about a subject. What is not ok comes alone: what else is right about the
 * subject does not help to mend it.
 */
export function checkOf(kind: CheckKind, subject: string, found: readonly Found[]): Check {
  const outcome = worst(found.map((one) => one.outcome));
  const telling = outcome === 'ok' ? found : found.filter((one) => one.outcome !== 'ok');
  const remedies = [...new Set(telling.flatMap(({ remedy }) => remedy ?? []))];
  return {
    kind,
    subject,
    outcome,
    details: telling.map(({ detail }) => detail),
    remedy: remedies.length > 0 ? remedies.join('; ') : null,
  };
}
