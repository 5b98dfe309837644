import { Fn, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * What may pass the network's way to S3: reading from any bucket, and everything else only with buckets of this account.
 * So what runs inside can carry nothing away to a bucket of another account, which without NAT gateways would be the one
 * way out.
 *
 * Reading is not bound to a list. Image layers, packages of Amazon Linux, the agent of Session Manager and the notebook
 * read from buckets of AWS that change with region and service, and other registries keep layers in S3 as well; a list
 * that lacks one stops a node or a training run.
 *
 * One bucket of AWS is written to: functions inside the VPC that answer for custom resources of CloudFormation, as the
 * one that applies manifests does, put their answer there. Sources: AWS, data perimeter policy examples, "Service-owned
 * resources" and S3 endpoint policy; CloudFormation user guide, "Access CloudFormation using an interface endpoint".
 */
export function s3EndpointStatements(scope: IConstruct): iam.PolicyStatement[] {
  const { account, partition, region } = Stack.of(scope);
  const principals = [new iam.AnyPrincipal()];
  const withoutDashes = Fn.join('', Fn.split('-', region));
  return [
    new iam.PolicyStatement({ principals, actions: ['s3:Get*', 's3:List*'], resources: ['*'] }),
    new iam.PolicyStatement({
      principals,
      actions: ['s3:*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:ResourceAccount': account } },
    }),
    new iam.PolicyStatement({
      principals,
      actions: ['s3:PutObject'],
      resources: [`arn:${partition}:s3:::cloudformation-custom-resource-response-${withoutDashes}/*`],
    }),
  ];
}
