import { parseConfiguration } from '../../lambda/inference/inference-configuration';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { packArtifact } from '../../models/packaging/model-artifact';
import { SPECIALISTS } from '../../models/catalogue';
import { projectPath } from '../../lib/util/project-path';
import { changedIds, modelsWithNew } from '../support/app/models-folder';
import { type Serving, servingOf } from '../support/app/serving-app';
import { flat, permissionsOf, resourceOf, resourcesOf, targetOf } from '../support/app/template';
import { TOPOLOGIES, dedicated, serverless, shared, topologyOf } from '../support/app/topologies';

const changedModels = modelsWithNew('ddos');
afterAll(() => rmSync(changedModels, { recursive: true }));

const keys = SPECIALISTS.map((name) => packArtifact(projectPath('models', name)).key);

function urls({ serving }: Serving): unknown[] {
  return resourcesOf(serving, 'AWS::SageMaker::Model').map(
    ({ properties }) => (flat(properties['PrimaryContainer']) as { ModelDataUrl: string }).ModelDataUrl,
  );
}

/** What of the serving stack differs once the artifact of `ddos` is another. */
function changes(topology: Parameters<typeof servingOf>[0]) {
  const [before, after] = [servingOf(topology), servingOf(topology, { modelsFolder: changedModels })];
  return { before, after, ids: changedIds(before.serving, after.serving) };
}

describe('an artifact', () => {
  it('lies under its specialist and the hash of its content', () => {
    for (const [index, name] of SPECIALISTS.entries()) {
      const { bytes } = packArtifact(projectPath('models', name));
      const hash = createHash('sha256').update(bytes).digest('hex');

      expect(keys[index]).toBe(`${name}/${hash.slice(0, 16)}.tar.gz`);
    }
  });

  it('gets another key when anything in it changes, be it only its version', () => {
    const after = packArtifact(join(changedModels, 'ddos'));

    expect(after.key).toMatch(/^ddos\/[0-9a-f]{16}\.tar\.gz$/);
    expect(keys).not.toContain(after.key);
  });

  it('is loaded from the model bucket of the environment, under that key', () => {
    const bucket = /^s3:\/\/\$\{mini-xdr-dev-ModelStore:ExportsOutputRefStoreBucket\w+\}\//;

    for (const [index, url] of urls(servingOf(TOPOLOGIES['four serverless endpoints'])).entries()) {
      expect(url).toMatch(bucket);
      expect(String(url).replace(bucket, '')).toBe(`artifacts/${keys[index]}`);
    }
  });
});

describe('a new artifact of one specialist', () => {
  it.each([
    ['serverless', SPECIALISTS.map((name) => serverless(name))],
    ['dedicated', SPECIALISTS.map((name) => dedicated(name))],
  ])(
    'changes the model of its own endpoint, the function that falls back on it, and nothing else: %s',
    (mode, endpoints) => {
      const { before, ids } = changes(topologyOf(endpoints));
      const types = Object.fromEntries(ids.map((id) => [before.serving.Resources[id]?.Type, id]));

      expect(types).toEqual({
        'AWS::Lambda::Function': expect.any(String),
        'AWS::SageMaker::Model': expect.stringMatching(new RegExp(`^Endpointddos${mode}\\w*Model\\w+$`)),
      });
      expect(ids).toHaveLength(2);
    },
  );

  it('does not touch a shared endpoint: only the function names another target model, and holds it', () => {
    const { before, after, ids } = changes(topologyOf([shared(SPECIALISTS)]));
    const fn = resourceOf(before.serving, 'AWS::Lambda::Function');
    const routes = ({ serving }: Serving) => {
      const { Variables } = resourceOf(serving, 'AWS::Lambda::Function').properties['Environment'] as {
        Variables: { INFERENCE: string };
      };
      return parseConfiguration(Variables.INFERENCE).routes;
    };

    expect(ids).toEqual([fn.id]);
    const [old, fresh] = [routes(before), routes(after)];
    expect(SPECIALISTS.filter((name) => JSON.stringify(fresh[name]) !== JSON.stringify(old[name]))).toEqual([
      'ddos',
    ]);
    const code = (serving: Serving) => ({
      ...resourceOf(serving.serving, 'AWS::Lambda::Function').properties,
      Environment: undefined,
      Code: undefined,
    });
    expect(code(after)).toEqual(code(before));
  });

  it('changes of the model store the upload alone', () => {
    const { before, after } = changes(topologyOf([serverless('ddos')]));

    for (const id of changedIds(before.modelStore, after.modelStore)) {
      expect(id).toMatch(/^StoreUpload(RoleDefaultPolicy|DeploymentCustomResource)/);
    }
  });
});

describe('the upload of artifacts', () => {
  const { modelStore } = servingOf(topologyOf([serverless('ddos')]));
  const deployment = resourceOf(modelStore, 'Custom::CDKBucketDeployment').properties;
  const handler = targetOf(deployment['ServiceToken']) ?? '';
  const role = targetOf(modelStore.Resources[handler]?.Properties?.['Role']) ?? '';
  const bucket = `\${${targetOf(deployment['DestinationBucketName'])}.Arn}`;

  it('may write exactly the current artifacts, and delete nothing', () => {
    const onBucket = permissionsOf(modelStore, role).filter(({ resources }) =>
      resources.some((resource) => resource.startsWith(bucket)),
    );

    expect(onBucket).toEqual([
      {
        effect: 'Allow',
        actions: ['s3:PutObject'],
        resources: keys.map((key) => `${bucket}/artifacts/${key}`).sort(),
      },
      {
        effect: 'Allow',
        actions: ['s3:ListBucket'],
        resources: [bucket],
        conditions: { StringLike: { 's3:prefix': 'artifacts/*' } },
      },
    ]);
  });

  it('may read the one archive that it copies, use the one key, write its own log, and nothing else', () => {
    const [archive] = deployment['SourceObjectKeys'] as string[];
    const key = resourceOf(modelStore, 'AWS::KMS::Key').id;
    const elsewhere = permissionsOf(modelStore, role).filter(
      ({ resources }) => !resources.some((resource) => resource.startsWith(bucket)),
    );

    expect(elsewhere).toEqual([
      {
        effect: 'Allow',
        actions: ['s3:GetObject'],
        resources: [`arn:aws:s3:::cdk-hnb659fds-assets-\${AWS::AccountId}-us-east-1/${archive}`],
      },
      { effect: 'Allow', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [`\${${key}.Arn}`] },
      {
        effect: 'Allow',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [expect.stringMatching(/^\$\{StoreUploadLogs\w+\.Arn\}$/)],
      },
    ]);
    expect(modelStore.Resources[role]?.Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  it('never removes an artifact, which a fleet may still need to scale out', () => {
    expect(deployment).toMatchObject({ Prune: false, DestinationBucketKeyPrefix: 'artifacts/' });
    // The handler deletes on removal only where it is told not to retain.
    expect(deployment['RetainOnDelete'] ?? true).toBe(true);
  });

  it('starts only when it has its permissions', () => {
    const { dependsOn } = resourceOf(modelStore, 'Custom::CDKBucketDeployment');

    expect(dependsOn).toEqual(
      expect.arrayContaining([role, expect.stringContaining('UploadRoleDefaultPolicy')]),
    );
  });
});

describe('the model bucket', () => {
  const { modelStore } = servingOf(topologyOf([serverless('ddos')]));
  const models = resourcesOf(modelStore, 'AWS::S3::Bucket').find(({ id }) => id.startsWith('StoreBucket'));

  it('is versioned, encrypted with the customer key and logged', () => {
    expect(models?.properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      LoggingConfiguration: { LogFilePrefix: 's3/modelstore/store/bucket/' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            ServerSideEncryptionByDefault: {
              SSEAlgorithm: 'aws:kms',
              KMSMasterKeyID: { 'Fn::GetAtt': [resourceOf(modelStore, 'AWS::KMS::Key').id, 'Arn'] },
            },
          },
        ],
      },
    });
  });
});
