import { Match } from 'aws-cdk-lib/assertions';
import { actionsOf, identityStatements, infrastructureWith, onlyOne } from './infrastructure';

const NOTEBOOK = 'AWS::SageMaker::NotebookInstance';
const TRAINER = 'AWS::EC2::Instance';

const { workbench } = infrastructureWith();

/** Nothing comes in, HTTPS goes out. */
const closed = (description: RegExp) => ({
  GroupDescription: Match.stringLikeRegexp(description.source),
  SecurityGroupIngress: Match.absent(),
  SecurityGroupEgress: [Match.objectLike({ FromPort: 443, ToPort: 443, IpProtocol: 'tcp' })],
});

/** Everything below a prefix of the model bucket. */
const below = (prefix: string) => ({ 'Fn::Join': ['', [expect.anything(), `/${prefix}/*`]] });

describe('the notebook', () => {
  const notebook = onlyOne(workbench, NOTEBOOK);

  it('gives nobody root and no way to the internet but the network', () => {
    expect(notebook).toMatchObject({
      RootAccess: 'Disabled',
      DirectInternetAccess: 'Disabled',
      InstanceMetadataServiceConfiguration: { MinimumInstanceMetadataServiceVersion: '2' },
      PlatformIdentifier: 'notebook-al2023-v1',
    });
    expect(JSON.stringify(notebook['SubnetId'])).toContain('WorkbenchSubnet');
    workbench.hasResourceProperties('AWS::EC2::SecurityGroup', closed(/^Notebook/));
  });

  it('keeps its logical id, its key and the configured size', () => {
    expect(Object.keys(workbench.findResources(NOTEBOOK))).toEqual(['Notebook985EE735']);
    expect(notebook).toMatchObject({
      InstanceType: 'ml.t3.medium',
      VolumeSizeInGB: 20,
      KmsKeyId: { Ref: expect.stringMatching(/^Key/) },
    });
  });

  it('stops itself when idle, and may stop no other', () => {
    expect(notebook['LifecycleConfigName']).toEqual({
      'Fn::GetAtt': [expect.stringMatching(/IdleStop/), 'NotebookInstanceLifecycleConfigName'],
    });
    const stop = identityStatements(workbench).filter(
      ({ Action }) => Action === 'sagemaker:StopNotebookInstance',
    );
    expect(stop.map(({ Resource }) => Resource)).toEqual([{ Ref: 'Notebook985EE735' }]);
  });

  it("trusts SageMaker for this account's resources only", () => {
    workbench.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'sagemaker.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: { 'aws:SourceArn': { 'Fn::Join': ['', Match.arrayWith([':*'])] } },
            },
          }),
        ],
      },
    });
  });
});

describe('the training instance', () => {
  const trainer = onlyOne(workbench, TRAINER);

  it('is reached through Session Manager alone: no key pair, nothing inbound', () => {
    expect(trainer).not.toHaveProperty('KeyName');
    workbench.hasResourceProperties('AWS::EC2::SecurityGroup', closed(/^Training instance/));
    expect(actionsOf(identityStatements(workbench))).toContain('ssmmessages:OpenDataChannel');
  });

  it('keeps its logical id and demands IMDSv2', () => {
    expect(Object.keys(workbench.findResources(TRAINER))).toEqual(['Trainer56ACB6DF']);
    expect(trainer['MetadataOptions']).toEqual({ HttpTokens: 'required', HttpPutResponseHopLimit: 1 });
  });

  it('has an encrypted gp3 volume of the configured size', () => {
    expect(trainer['BlockDeviceMappings']).toEqual([
      {
        DeviceName: '/dev/xvda',
        Ebs: {
          Encrypted: true,
          KmsKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] },
          VolumeType: 'gp3',
          VolumeSize: 100,
        },
      },
    ]);
  });

  it.each([
    ['m5.xlarge', 'x86_64'],
    ['m7g.xlarge', 'arm64'],
  ])(
    'finds the image for %s without a parameter that would replace it',
    (trainerInstanceType, architecture) => {
      const { workbench: changed } = infrastructureWith({ workbench: { trainerInstanceType } });

      expect(onlyOne(changed, TRAINER)['ImageId']).toBe(
        `{{resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}}}`,
      );
      changed.templateMatches({ Parameters: { BootstrapVersion: Match.anyValue() } });
      expect(Object.keys(changed.toJSON()['Parameters'] as object)).toEqual(['BootstrapVersion']);
    },
  );

  it('stops after an idle hour', () => {
    workbench.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'CPUUtilization',
      ComparisonOperator: 'LessThanThreshold',
      EvaluationPeriods: 12,
      Period: 300,
      TreatMissingData: 'notBreaching',
      Dimensions: [{ Name: 'InstanceId', Value: { Ref: 'Trainer56ACB6DF' } }],
      AlarmActions: [{ 'Fn::Join': ['', Match.arrayWith([':automate:us-east-1:ec2:stop'])] }],
    });
  });

  it.each([true, false])(
    'can be terminated as the configuration says (protected: %s)',
    (deletionProtection) => {
      const { workbench: changed } = infrastructureWith({ protection: { deletionProtection } });

      expect(onlyOne(changed, TRAINER)['DisableApiTermination']).toBe(deletionProtection);
    },
  );
});

describe('access to models', () => {
  const onBucket = identityStatements(workbench).filter(({ Action }) =>
    JSON.stringify(Action).includes('s3:'),
  );

  it('is to read data sets and to write candidates, and nothing that is served', () => {
    expect(onBucket).toEqual([
      expect.objectContaining({
        Action: 's3:ListBucket',
        Condition: { StringLike: { 's3:prefix': ['datasets/*', 'candidates/*'] } },
      }),
      expect.objectContaining({ Action: 's3:GetObject', Resource: below('datasets') }),
      expect.objectContaining({
        Action: ['s3:PutObject', 's3:AbortMultipartUpload'],
        Resource: below('candidates'),
      }),
    ]);
  });
});

describe('a part that is switched off', () => {
  it('leaves no notebook', () => {
    const { workbench: changed } = infrastructureWith({ workbench: { notebook: false } });

    changed.resourceCountIs(NOTEBOOK, 0);
    changed.resourceCountIs('AWS::SageMaker::NotebookInstanceLifecycleConfig', 0);
    changed.resourceCountIs('AWS::IAM::Role', 1);
    changed.resourceCountIs(TRAINER, 1);
  });

  it('leaves no trainer', () => {
    const { workbench: changed } = infrastructureWith({ workbench: { trainer: false } });

    changed.resourceCountIs(TRAINER, 0);
    changed.resourceCountIs('AWS::CloudWatch::Alarm', 0);
    changed.resourceCountIs('AWS::IAM::Role', 1);
    changed.resourceCountIs(NOTEBOOK, 1);
  });

  it('leaves nothing at all where both are off', () => {
    const { workbench: changed } = infrastructureWith({ workbench: { notebook: false, trainer: false } });

    expect(changed.toJSON()['Resources'] ?? {}).toEqual({});
  });
});
