import type { answerFor } from './sagemaker-model';

/** A right answer of the stand-in's model. */
export type RightAnswer = ReturnType<typeof answerFor>;

/** An answer as it goes over the wire; a body that is no string is sent as JSON. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/**
 * What the stand-in does with a call: `answer` rightly, `hang` for ever, `cut` the connection before any answer, or
 * `half`: send half of the right answer, then cut.
 */
export type Behaviour =
  | 'answer'
  | 'hang'
  | 'cut'
  | 'half'
  | Reply
  /** The right answer, changed; text is sent as it is. */
  | { readonly change: (answer: RightAnswer) => unknown }
  | { readonly afterMs: number; readonly behaviour: Behaviour }
  | { readonly until: Promise<unknown>; readonly behaviour: Behaviour };

/** Words that AWS puts into its messages and that must not reach a caller. */
export const LEAKY =
  'Endpoint mini-xdr-dev-ddos of account 123456789012 (arn:aws:sagemaker:us-east-1:123456789012:endpoint/x)';

/**
 * An error as the runtime API sends one in the protocol REST JSON: its name in a header, its members in the body.
 * Names, members and statuses are those of the API model in `@aws-sdk/client-sagemaker-runtime`; throttling and
 * missing permission are among the errors that every AWS service may answer with.
 */
export function serviceError(
  status: number,
  name: string,
  fields: Readonly<Record<string, unknown>> = {},
): Reply {
  return { status, headers: { 'x-amzn-errortype': name }, body: { Message: LEAKY, ...fields } };
}

/** The container answered with an error of its own. */
export function modelError(status: number, said: unknown): Reply {
  const OriginalMessage = typeof said === 'string' ? said : JSON.stringify(said);
  return serviceError(424, 'ModelError', {
    OriginalStatusCode: status,
    OriginalMessage,
    LogStreamArn: 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/Endpoints/mini-xdr-dev-ddos',
  });
}

/** After a while, and then. */
export function slow(afterMs: number, behaviour: Behaviour = 'answer'): Behaviour {
  return { afterMs, behaviour };
}

/** Ways in which an endpoint fails. */
export const FAULTS = {
  throttled: serviceError(429, 'ThrottlingException'),
  notReady: serviceError(429, 'ModelNotReadyException'),
  unavailable: serviceError(503, 'ServiceUnavailable'),
  internal: serviceError(500, 'InternalFailure'),
  dependency: serviceError(530, 'InternalDependencyException'),
  brokenModel: modelError(500, LEAKY),
  missing: serviceError(400, 'ValidationError'),
  forbidden: serviceError(403, 'AccessDeniedException'),
  garbage: { status: 200, body: '<html>' },
  garbageError: { status: 503, headers: { 'content-type': 'text/html' }, body: '<html>busy</html>' },
  tooFew: { change: (answer) => ({ ...answer, predictions: answer.predictions.slice(1) }) },
  notANumber: {
    change: (answer) => JSON.stringify(answer).replace(/"confidence":[\d.]+/, '"confidence":NaN'),
  },
  noConfidence: {
    change: ({ model, predictions }) => ({
      model,
      predictions: predictions.map((prediction) => ({ ...prediction, confidence: null })),
    }),
  },
  wrongModel: { change: (answer) => ({ ...answer, model: { ...answer.model, name: 'stranger' } }) },
  half: 'half',
  cut: 'cut',
  hang: 'hang',
} as const satisfies Readonly<Record<string, Behaviour>>;
