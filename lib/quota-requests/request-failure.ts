/** Why Service Quotas did not do what it was asked. */
export interface Failure {
  readonly kind: 'denied' | 'throttled' | 'exists' | 'account-full' | 'missing' | 'refused' | 'unreachable';
  /** AWS's own words, or none where nobody answered. */
  readonly message: string;
}

const KINDS: Readonly<Record<string, Failure['kind']>> = {
  AccessDeniedException: 'denied',
  AccessDenied: 'denied',
  DependencyAccessDeniedException: 'denied',
  TooManyRequestsException: 'throttled',
  ThrottlingException: 'throttled',
  ResourceAlreadyExistsException: 'exists',
  QuotaExceededException: 'account-full',
  NoSuchResourceException: 'missing',
  IllegalArgumentException: 'refused',
  InvalidResourceStateException: 'refused',
};

/** Sorts an error of the Service Quotas client; anything it does not know counts as no answer. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { kind: 'unreachable', message: 'no answer' };
  const kind = KINDS[error.name];
  return kind === undefined ? { kind: 'unreachable', message: error.name } : { kind, message: error.message };
}
