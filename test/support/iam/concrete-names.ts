import { createHash } from 'node:crypto';
import { textOf } from '../../../lib/util/json';
import type { ReadResource } from '../../../lib/compliance/permissions/resource-policies';
import { CannotJudge } from './evaluation';

/** Where templates are imagined to be deployed. */
export interface Target {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** Such as `aws` or `aws-cn`. */
  readonly partition: string;
}

interface Naming {
  /** Property that names the resource, where the template does. */
  readonly named?: string;
  /** What `Ref` (the empty text) and `Fn::GetAtt` give, from the resource's name. */
  readonly attributes: Readonly<Record<string, (name: string, arn: ArnOf) => string>>;
}

/** ARN of a service's resource in the target; without a region or an account where asked. */
type ArnOf = (service: string, resource: string, where?: { region?: string; account?: string }) => string;

const itself = (name: string): string => name;
const NOWHERE = { region: '', account: '' };
const GLOBAL = { region: '' };

/** Return values of the resource types that policies point at, as the CloudFormation reference gives them. */
const NAMINGS: Readonly<Record<string, Naming>> = {
  'AWS::S3::Bucket': {
    named: 'BucketName',
    attributes: { '': itself, Arn: (name, arn) => arn('s3', name, NOWHERE) },
  },
  'AWS::KMS::Key': {
    attributes: { '': keyId, Arn: (name, arn) => arn('kms', `key/${keyId(name)}`) },
  },
  'AWS::Logs::LogGroup': {
    named: 'LogGroupName',
    attributes: { '': itself, Arn: (name, arn) => arn('logs', `log-group:${name}:*`) },
  },
  'AWS::CloudWatch::Alarm': { named: 'AlarmName', attributes: { '': itself } },
  'AWS::Lambda::Function': {
    named: 'FunctionName',
    attributes: { '': itself, Arn: (name, arn) => arn('lambda', `function:${name}`) },
  },
  'AWS::IAM::Role': {
    named: 'RoleName',
    attributes: { '': itself, Arn: (name, arn) => arn('iam', `role/${name}`, GLOBAL) },
  },
  'AWS::IAM::ManagedPolicy': {
    named: 'ManagedPolicyName',
    attributes: { '': (name, arn) => arn('iam', `policy/${name}`, GLOBAL) },
  },
  'AWS::IAM::OIDCProvider': {
    named: 'Url',
    attributes: {
      '': (url, arn) => arn('iam', `oidc-provider/${url.replace('https://', '')}`, GLOBAL),
    },
  },
  'AWS::RDS::DBInstance': {
    named: 'DBInstanceIdentifier',
    attributes: {
      '': itself,
      DBInstanceArn: (name, arn) => arn('rds', `db:${name}`),
      DbiResourceId: (name) => `db-${digest(name).slice(0, 26).toUpperCase()}`,
    },
  },
  'AWS::EKS::Cluster': {
    named: 'Name',
    attributes: { '': itself, Arn: (name, arn) => arn('eks', `cluster/${name}`) },
  },
  'AWS::SSM::Parameter': { named: 'Name', attributes: { '': itself } },
  'AWS::SecretsManager::Secret': {
    named: 'Name',
    attributes: { '': (name, arn) => arn('secretsmanager', `secret:${name}-${digest(name).slice(0, 6)}`) },
  },
  'AWS::SageMaker::NotebookInstance': {
    named: 'NotebookInstanceName',
    attributes: {
      '': (name, arn) => arn('sagemaker', `notebook-instance/${name}`),
      NotebookInstanceName: itself,
    },
  },
  'AWS::SNS::Topic': {
    named: 'TopicName',
    attributes: { '': (name, arn) => arn('sns', name) },
  },
  'AWS::SQS::Queue': {
    named: 'QueueName',
    attributes: { Arn: (name, arn) => arn('sqs', name) },
  },
  'AWS::Events::Rule': {
    named: 'Name',
    attributes: { '': itself, Arn: (name, arn) => arn('events', `rule/${name}`) },
  },
  'AWS::EC2::VPC': {
    attributes: {
      '': (name) => `vpc-${digest(name).slice(0, 17)}`,
      DefaultSecurityGroup: (name) => `sg-${digest(name).slice(0, 17)}`,
    },
  },
};

/**
 * What a reference to a resource could read once it is deployed: its own name where the template gives one, and one
 * that follows from its logical id where CloudFormation would make one up.
 *
 * @param attribute of `Fn::GetAtt`; empty for `Ref`
 * @throws {CannotJudge} for a type or an attribute that no policy has pointed at so far
 */
export function concreteName(resource: ReadResource, attribute: string, target: Target): string {
  const { name, type, properties } = resource;
  const naming = NAMINGS[type];
  const give = naming?.attributes[attribute];
  if (naming === undefined || give === undefined) {
    const what = attribute === '' ? 'Ref' : attribute;
    throw new CannotJudge(
      `a policy points at ${what} of ${name}, a ${type}: say in concrete-names what that gives`,
    );
  }
  const own = naming.named === undefined ? undefined : textOf(properties[naming.named]);
  const arnOf: ArnOf = (service, path, { region = target.region, account = target.account } = {}) =>
    `arn:${target.partition}:${service}:${region}:${account}:${path}`;
  return give(own ?? madeUp(name), arnOf);
}

/** Lower case, as a bucket's name has to be, and no other resource's name is the start of it. */
function madeUp(name: string): string {
  return `${name.toLowerCase().replace('.', '-')}-${digest(name).slice(0, 12)}`;
}

function keyId(name: string): string {
  return digest(name).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

/** Content that the same text always stands for, in 64 hexadecimal digits. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
