import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { App, AssetStaging, Stack } from 'aws-cdk-lib';
import { TrainingCode } from '../../lib/constructs/workbench/training-code';
import { projectPath } from '../../lib/util/project-path';
import {
  actionsOf,
  environmentWith,
  identityStatements,
  infrastructureWith,
  onlyOne,
} from '../support/stacks/infrastructure';

const NOTEBOOK = 'AWS::SageMaker::NotebookInstance';
const LIFECYCLE = 'AWS::SageMaker::NotebookInstanceLifecycleConfig';
const TRAINER = 'AWS::EC2::Instance';

/** Bucket of the deployment's assets, and what the archive of the code is called there. */
const ASSETS = { 'Fn::Sub': 'cdk-hnb659fds-assets-${AWS::AccountId}-us-east-1' };
const CODE_KEY = /^\/[0-9a-f]{64}\.zip$/;

const { workbench } = infrastructureWith();

/** Files in a folder and below, sorted, with their paths from there. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Nothing comes in, HTTPS goes out. */
const closed = (description: RegExp) => ({
  GroupDescription: Match.stringLikeRegexp(description.source),
  SecurityGroupIngress: Match.absent(),
  SecurityGroupEgress: [Match.objectLike({ FromPort: 443, ToPort: 443, IpProtocol: 'tcp' })],
});

/** Everything below a prefix of the model bucket. */
const below = (prefix: string) => ({ 'Fn::Join': ['', [expect.anything(), `/${prefix}/*`]] });

/** The object that holds the training code. */
const codeObject = {
  'Fn::Join': ['', [expect.anything(), expect.anything(), ':s3:::', ASSETS, expect.stringMatching(CODE_KEY)]],
};

/** A text of a template with a mark in the place of references. */
function written(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, inner] = []] = Object.entries(value as Record<string, unknown>);
  if (name === 'Fn::Base64') return written(inner);
  if (name === 'Fn::Join') return (inner as [string, unknown[]])[1].map(written).join('');
  return name === 'Fn::Sub' ? String(inner) : '(reference)';
}

describe('the training code', () => {
  function shippedFiles(): string[] {
    // Jest's set-up turns copies of assets off.
    const app = new App({ postCliContext: { 'aws:cdk:disable-asset-staging': false } });
    const code = new TrainingCode(new Stack(app, 'Stack'), 'Code');
    const staging = code.node.findAll().find((child) => child instanceof AssetStaging);
    const staged = staging?.absoluteStagedPath ?? '';
    return filesIn(staged);
  }

  it('is every module of models/training with the pinned requirements, and no test, cache or paper', () => {
    const wanted = filesIn(projectPath('models', 'training')).filter(
      (file) => !file.startsWith('tests/') && (file.endsWith('.py') || file === 'requirements.txt'),
    );

    expect(shippedFiles()).toEqual(wanted);
    expect(wanted).toEqual(expect.arrayContaining(['train.py', 'requirements.txt', 'importing/choose.py']));
  });
});

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

  it('puts the training code beside its notebooks at a start, after the stop when idle is in place', () => {
    const [{ Content = '' } = {}] = onlyOne(workbench, LIFECYCLE)['OnStart'] as { Content?: unknown }[];
    const script = written(Content);

    expect(script).toMatch(/^#!\/bin\/bash\n/);
    expect(script.indexOf('stop-when-idle.timer\n')).toBeLessThan(script.indexOf('CHECKOUT'));
    expect(script).toMatch(/'s3:\/\/cdk-hnb659fds-assets-[^']+\/[0-9a-f]{64}\.zip'/);
    // SageMaker's limit, with room for what references become.
    expect(Buffer.from(script).toString('base64').length).toBeLessThan(16_000);
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
    expect(trainer['MetadataOptions']).toMatchObject({ HttpTokens: 'required', HttpPutResponseHopLimit: 1 });
  });

  it('has an encrypted gp3 volume of the configured size', () => {
    expect(trainer['BlockDeviceMappings']).toEqual([
      {
        DeviceName: '/dev/xvda',
        Ebs: {
          DeleteOnTermination: true,
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
    'has EC2 find the image for %s at its launch, in a text that no release of Amazon Linux changes',
    (trainerInstanceType, architecture) => {
      const { workbench: changed } = infrastructureWith({ workbench: { trainerInstanceType } });

      expect(onlyOne(changed, TRAINER)['ImageId']).toBe(
        `resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`,
      );
      changed.templateMatches({ Parameters: { BootstrapVersion: Match.anyValue() } });
      expect(Object.keys(changed.toJSON()['Parameters'] as object)).toEqual(['BootstrapVersion']);
    },
  );

  it('can be replaced and removed where the environment is protected, as it holds nothing of value', () => {
    const protection = { deletionProtection: true, onRemoval: 'retain' } as const;

    expect(onlyOne(infrastructureWith({ protection }).workbench, TRAINER)).not.toHaveProperty(
      'DisableApiTermination',
    );
  });

  it('stops, and is not terminated, when its training run shuts it down', () => {
    expect(trainer['InstanceInitiatedShutdownBehavior']).toBe('stop');
    expect(written(trainer['UserData'])).toMatch(/\n {2}shutdown --poweroff/);
  });

  it('learns from a tag where its code is, so that new code neither replaces nor restarts it', () => {
    const tags = trainer['Tags'] as { Key: string; Value: unknown }[];
    const code = tags.find(({ Key }) => Key === 'mini-xdr:training-code');

    expect(written(code?.Value)).toMatch(/^s3:\/\/cdk-hnb659fds-assets-.*\/[0-9a-f]{64}\.zip$/);
    expect(trainer['MetadataOptions']).toMatchObject({ InstanceMetadataTags: 'enabled' });
    // Instance metadata shows no tag whose key holds anything else, and such an instance does not start.
    for (const { Key } of tags) expect(Key).toMatch(/^[\w+=.,:@-]+$/);
    expect(written(trainer['UserData'])).toContain('/tags/instance/mini-xdr:training-code');
    expect(written(trainer['UserData'])).not.toMatch(/[0-9a-f]{64}/);
  });

  it('reads data sets and writes candidates where it may, with packages from the configured indexes', () => {
    const { workbench: changed } = infrastructureWith({
      workbench: {
        trainerPackageIndex: 'https://pip.example/simple',
        trainerTorchIndex: 'https://pip.example/torch',
      },
    });
    const usual = written(trainer['UserData']);
    const other = written(onlyOne(changed, TRAINER)['UserData']);

    expect(usual).toMatch(/\ndatasets='s3:\/\/\(reference\)\/datasets\/'\n/);
    expect(usual).toMatch(/\ncandidate='s3:\/\/\(reference\)\/candidates\/'/);
    expect(usual).toContain('--index-url \'https://download.pytorch.org/whl/cpu\' "$torch"');
    expect(usual).toContain("--index-url 'https://pypi.org/simple' --requirement");
    expect(other).toContain('--index-url \'https://pip.example/torch\' "$torch"');
    expect(other).toContain("--index-url 'https://pip.example/simple' --requirement");
    expect(Object.keys(changed.findResources(TRAINER))).toEqual(['Trainer56ACB6DF']);
  });

  it('has user data within the 16 KB that EC2 takes, without secrets', () => {
    const script = written(trainer['UserData']);

    expect(script.length).toBeLessThan(16_000);
    expect(script).not.toMatch(/AKIA|ASIA|password|BEGIN .*KEY/i);
  });

  it.each(['g5.xlarge', 'p4d.24xlarge', 'inf2.xlarge', 'trn1.2xlarge', 'gr6.4xlarge'])(
    'is refused as %s, which needs an image with other drivers',
    (trainerInstanceType) => {
      expect(() => environmentWith({ workbench: { trainerInstanceType } })).toThrow(/without a GPU/);
    },
  );

  it.each([
    'https://user:secret@pip.example/simple',
    'http://pip.example/simple',
    "https://a.example/'; reboot",
  ])('takes no packages from %s', (trainerPackageIndex) => {
    expect(() => environmentWith({ workbench: { trainerPackageIndex } })).toThrow(/https:\/\/ address/);
  });

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
});

describe('access to models', () => {
  const onBucket = identityStatements(workbench).filter(({ Action }) =>
    JSON.stringify(Action).includes('s3:'),
  );

  it('is to read code and data sets and to write candidates, and nothing that is served', () => {
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
      expect.objectContaining({ Action: 's3:GetObject', Resource: codeObject }),
    ]);
  });
});

describe('a part that is switched off', () => {
  it('leaves no notebook', () => {
    const { workbench: changed } = infrastructureWith({ workbench: { notebook: false } });

    changed.resourceCountIs(NOTEBOOK, 0);
    changed.resourceCountIs(LIFECYCLE, 0);
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
