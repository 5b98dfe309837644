import { App, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  acknowledge,
  assess,
  type Finding,
  findings,
  staleAcknowledgements,
} from '../../lib/compliance/apply-compliance';

const REASON = 'The policy needs it, and the bucket holds nothing else.';

function givenBucketAndReader() {
  const app = new App();
  const bucket = new s3.Bucket(new Stack(app, 'Store'), 'Bucket');
  const role = new iam.Role(new Stack(app, 'Reader'), 'Role', {
    assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
  });
  bucket.grantRead(role);
  return { app, bucket, role };
}

function wildcards(found: readonly Finding[]): string[] {
  return found.map(({ rule }) => rule).filter((rule) => rule.startsWith('AwsSolutions-IAM5'));
}

it('accepts exactly the finding that it names', () => {
  const { app, role } = givenBucketAndReader();
  const before = wildcards(findings(app));
  acknowledge(role, { id: 'AwsSolutions-IAM5[Action::s3:List*]', reason: REASON });
  expect(before).toContain('AwsSolutions-IAM5[Action::s3:List*]');
  expect(wildcards(findings(app))).toEqual(before.filter((rule) => !rule.includes('s3:List*')));
  expect(staleAcknowledgements(app)).toEqual([]);
});

it('names a resource of another stack by its construct, not by the name of an export', () => {
  const { app, bucket, role } = givenBucketAndReader();
  acknowledge(role, { id: `AwsSolutions-IAM5[Resource::${bucket.arnForObjects('*')}]`, reason: REASON });
  expect(wildcards(findings(app)).filter((rule) => rule.includes('Resource::'))).toEqual([]);
  expect(staleAcknowledgements(app)).toEqual([]);
});

it('accepts one rule of several packs for one reason', () => {
  const { app, bucket } = givenBucketAndReader();
  const packs = ['NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'];
  acknowledge(bucket, { id: packs.map((pack) => `${pack}-S3BucketVersioningEnabled`), reason: REASON });
  const { acknowledged, acknowledgements } = assess(app);
  expect(acknowledged.map(({ pack }) => pack)).toEqual(packs);
  expect(acknowledged.map(({ path }) => path)).toEqual(packs.map(() => 'Store/Bucket/Resource'));
  expect(acknowledgements).toHaveLength(3);
});

it('does not reach beyond the construct that carries it', () => {
  const { app, bucket } = givenBucketAndReader();
  new s3.Bucket(bucket.stack, 'BucketTwo');
  acknowledge(bucket, { id: 'AwsSolutions-S1', reason: REASON });
  const left = findings(app).filter(({ rule }) => rule === 'AwsSolutions-S1');
  expect(left.map(({ path }) => path)).toEqual(['Store/BucketTwo/Resource']);
});

it('reports an acknowledgement that accepts nothing', () => {
  const { app, role } = givenBucketAndReader();
  acknowledge(role, { id: 'AwsSolutions-IAM5[Resource::*]', reason: REASON });
  expect(staleAcknowledgements(app)).toEqual([
    { id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]', reason: REASON, at: 'Reader/Role' },
  ]);
});

it('reports an acknowledgement without the name of its pack, which would hide the finding from the report', () => {
  const { app, bucket } = givenBucketAndReader();
  Validations.of(bucket).acknowledge({ id: 'AwsSolutions-S1', reason: REASON });
  expect(staleAcknowledgements(app).map(({ id }) => id)).toEqual(['Annotation::AwsSolutions-S1']);
});

it('refuses reasons that say nothing and ids that belong to no pack', () => {
  const { bucket } = givenBucketAndReader();
  expect(() => acknowledge(bucket, { id: 'AwsSolutions-S1', reason: 'not needed' })).toThrow('too short');
  expect(() => acknowledge(bucket, { id: 'AwsSolutions-S1', reason: `x${' '.repeat(30)}` })).toThrow(
    'too short',
  );
  expect(() => acknowledge(bucket, { id: 'Serverless-Lambda1', reason: REASON })).toThrow(
    'belongs to no pack',
  );
  expect(() => acknowledge(bucket, { id: 'AwsSolutions::AwsSolutions-S1', reason: REASON })).toThrow(
    'belongs to no pack',
  );
});

it('accepts no full-access policy, whatever the reason', () => {
  const { role } = givenBucketAndReader();
  const id = 'MiniXdrSageMaker-NoFullAccessPolicy[Policy::AmazonSageMakerFullAccess]';
  expect(() => acknowledge(role, { id, reason: REASON })).toThrow('cannot be accepted');
});
