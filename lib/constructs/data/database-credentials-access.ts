import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { acknowledge } from '../../compliance/acknowledge';
import { wildcardResource } from '../common/finding-ids';

export interface DatabaseCredentialsAccessProps {
  /** The instance whose master credentials RDS keeps in Secrets Manager. */
  readonly instanceIdentifier: string;
  /** Key of that secret. */
  readonly encryptionKey: kms.IKey;
}

/**
 * To look one instance up (host, port and the secret's ARN come with it) and read its master user's name and
 * password.
 */
export class DatabaseCredentialsAccess extends iam.ManagedPolicy {
  constructor(scope: Construct, id: string, props: DatabaseCredentialsAccessProps) {
    const stack = Stack.of(scope);
    const named = { arnFormat: ArnFormat.COLON_RESOURCE_NAME };
    const instance = stack.formatArn({
      ...named,
      service: 'rds',
      resource: 'db',
      resourceName: props.instanceIdentifier,
    });
    const secrets = stack.formatArn({
      ...named,
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: 'rds!db-*',
    });
    super(scope, id, {
      description: `Master credentials of the database ${props.instanceIdentifier}`,
      statements: [
        new iam.PolicyStatement({ actions: ['rds:DescribeDBInstances'], resources: [instance] }),
        new iam.PolicyStatement({
          actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
          resources: [secrets],
          // RDS puts this tag on the secrets that it manages, and nobody else can set tags that begin with aws:.
          conditions: { StringEquals: { 'aws:ResourceTag/aws:rds:primaryDBInstanceArn': instance } },
        }),
        new iam.PolicyStatement({
          actions: ['kms:Decrypt'],
          resources: [props.encryptionKey.keyArn],
          conditions: {
            StringEquals: { 'kms:ViaService': `secretsmanager.${stack.region}.amazonaws.com` },
          },
        }),
      ],
    });
    acknowledge(this, {
      id: wildcardResource(secrets),
      reason:
        'RDS names the secret by an id of its own; the condition on its tag admits that of this instance alone.',
    });
  }
}
