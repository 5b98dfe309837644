import { Match } from 'aws-cdk-lib/assertions';
import { EncryptionKey } from '../../../lib/constructs/common/encryption-key';
import { LogBucket } from '../../../lib/constructs/common/log-bucket';
import { SecureBucket } from '../../../lib/constructs/common/secure-bucket';
import { type Changes, stackWith } from '../../support/stacks/infrastructure';

const bucketsWith = (changes: Changes = {}) =>
  stackWith((stack, environment) => {
    const accessLogs = new LogBucket(stack, 'Logs', { environment });
    accessLogs.allowLoadBalancers();
    const encryptionKey = new EncryptionKey(stack, 'Key', { environment, description: 'A test' });
    new SecureBucket(stack, 'Data', { environment, encryptionKey, accessLogs });
  }, changes);

const policyOf = (bucket: RegExp, ...statements: unknown[]) => ({
  Bucket: { Ref: Match.stringLikeRegexp(bucket.source) },
  PolicyDocument: { Statement: Match.arrayWith(statements.map((each) => Match.objectLike(each as object))) },
});

describe('a secure bucket', () => {
  const template = bucketsWith();

  it('is private, versioned and under its customer key', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: Match.anyValue() },
          },
        ],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      VersioningConfiguration: { Status: 'Enabled' },
    });
  });

  it.each(['^Data', '^Logs'])('refuses plain HTTP and old TLS (%s)', (bucket) => {
    template.hasResourceProperties(
      'AWS::S3::BucketPolicy',
      policyOf(
        new RegExp(bucket),
        { Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        { Effect: 'Deny', Action: 's3:*', Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } },
      ),
    );
  });

  it('delivers its access logs by policy, below its own path, and never by ACL', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LoggingConfiguration: {
        DestinationBucketName: { Ref: Match.stringLikeRegexp('^Logs') },
        LogFilePrefix: 's3/stack/data/',
      },
      AccessControl: Match.absent(),
    });
    template.hasResourceProperties(
      'AWS::S3::BucketPolicy',
      policyOf(/^Logs/, {
        Effect: 'Allow',
        Action: 's3:PutObject',
        Principal: { Service: 'logging.s3.amazonaws.com' },
        Resource: { 'Fn::Join': ['', [Match.anyValue(), '/s3/*']] },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
    );
    expect(JSON.stringify(template.toJSON())).not.toContain('"AccessControl"');
  });

  it('empties itself only where the environment destroys its data', () => {
    template.resourceCountIs('Custom::S3AutoDeleteObjects', 2);

    const kept = bucketsWith({ protection: { onRemoval: 'snapshot' } });

    kept.resourceCountIs('Custom::S3AutoDeleteObjects', 0);
    kept.allResources('AWS::S3::Bucket', { DeletionPolicy: 'RetainExceptOnCreate' });
  });
});

describe('a log bucket', () => {
  it('keeps logs for as long as the environment says, under the only encryption that delivery knows', () => {
    bucketsWith({ operations: { logRetentionDays: 180 } }).hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      LifecycleConfiguration: { Rules: Match.arrayWith([{ ExpirationInDays: 180, Status: 'Enabled' }]) },
    });
  });

  it("lets this account's load balancers write below their prefix and nowhere else", () => {
    bucketsWith().hasResourceProperties(
      'AWS::S3::BucketPolicy',
      policyOf(/^Logs/, {
        Effect: 'Allow',
        Action: 's3:PutObject',
        Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
        Resource: {
          'Fn::Join': ['', [Match.anyValue(), '/load-balancer/AWSLogs/', { Ref: 'AWS::AccountId' }, '/*']],
        },
        Condition: {
          ArnLike: { 'aws:SourceArn': { 'Fn::Join': ['', Match.arrayWith([':loadbalancer/*'])] } },
        },
      }),
    );
  });
});
