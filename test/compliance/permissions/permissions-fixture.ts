import { App, Stack } from 'aws-cdk-lib';
import { Template as Synthesised } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  renderPermissions,
  rolePermissions,
  type Template,
} from '../../../lib/compliance/permissions/role-permissions';

function synthesise(...stacks: readonly Stack[]): Record<string, Template> {
  return Object.fromEntries(
    stacks.map((stack) => [stack.node.id, Synthesised.fromStack(stack).toJSON() as Template]),
  );
}

/** The permissions of stacks, as a reviewer reads them. */
export function textOf(...stacks: readonly Stack[]): string {
  return renderPermissions(rolePermissions(synthesise(...stacks)));
}

/** A model bucket with its key, a role in a second stack that reads it, and a policy in a third. */
export function givenThreeStacks({ actions = ['sqs:SendMessage', 'sqs:GetQueueUrl'] } = {}) {
  const app = new App();
  const store = new Stack(app, 'ModelStore');
  const serving = new Stack(app, 'Serving');
  const operations = new Stack(app, 'Operations');
  const bucket = new s3.Bucket(store, 'Bucket', {
    encryption: s3.BucketEncryption.KMS,
    encryptionKey: new kms.Key(store, 'Key'),
  });
  const role = new iam.Role(serving, 'ExecutionRole', {
    assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
    }),
  });
  bucket.grantRead(role, 'models/*');
  new iam.Policy(operations, 'Policy', {
    roles: [role],
    statements: [
      new iam.PolicyStatement({ actions, resources: ['arn:aws:sqs:us-east-1:111111111111:queue'] }),
    ],
  });
  return { store, serving, operations, role, bucket };
}

/** Text of the three stacks, their policy with the actions given. */
export function textOfThree(actions: string[]): string {
  const { store, serving, operations } = givenThreeStacks({ actions });
  return textOf(store, serving, operations);
}
