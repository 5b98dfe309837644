import type * as iam from 'aws-cdk-lib/aws-iam';

/** Anything that can let a principal invoke it: a Lambda function, a model endpoint. */
export interface Invocable {
  /** Gives `grantee` every permission that a call takes. */
  grantInvoke(grantee: iam.IGrantable): unknown;
}

/** A function that callers name by its ARN. */
export interface InvocableFunction extends Invocable {
  readonly functionArn: string;
}
