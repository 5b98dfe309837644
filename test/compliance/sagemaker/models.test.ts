import { Fn, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import { MiniXdrSageMakerChecks } from '../../../lib/compliance/sagemaker/sagemaker-checks';
import { addModel, breaches, breachesOf, HASH, IMAGE } from './sagemaker-fixture';

describe('models are loaded from the project’s own bucket', () => {
  const rule = 'ProjectArtifacts';

  it.each([
    's3://other-bucket/models/x.tar.gz',
    'https://example.org/x.tar.gz',
    's3://serving-modelbucket/x',
  ])('refuses %s', (modelDataUrl) => {
    expect(breachesOf(rule, (stack) => void addModel(stack, { modelDataUrl }))).toEqual([
      `${rule}[Artifact::${modelDataUrl}]`,
    ]);
  });

  it('refuses an import of another app', () => {
    const modelDataUrl = `s3://${Fn.importValue('their-bucket')}/x`;
    expect(breachesOf(rule, (stack) => void addModel(stack, { modelDataUrl }))).toHaveLength(1);
  });

  it('looks at every container, at S3 data sources, packages and inference components', () => {
    const url = 's3://other/a';
    const found = breachesOf(rule, (stack) => {
      addModel(stack, {}, { containers: [{ modelDataUrl: `${url}1` }] });
      new sagemaker.CfnModel(stack, 'Source', {
        executionRoleArn: 'arn',
        primaryContainer: {
          modelDataSource: {
            s3DataSource: { s3Uri: `${url}2`, compressionType: 'Gzip', s3DataType: 'S3Object' },
          },
        },
      });
      new sagemaker.CfnModelPackage(stack, 'Package', {
        inferenceSpecification: {
          containers: [{ image: IMAGE, modelDataUrl: `${url}3` }],
          supportedContentTypes: [],
          supportedResponseMimeTypes: [],
        },
      });
      new sagemaker.CfnInferenceComponent(stack, 'Component', {
        endpointName: 'x',
        specification: { container: { image: IMAGE, artifactUrl: `${url}4` } },
      });
    });
    expect(found).toEqual([1, 2, 3, 4].map((index) => `${rule}[Artifact::${url}${index}]`));
  });

  it('accepts a bucket of the app, from another stack as well', () => {
    expect(breachesOf(rule, (stack) => void addModel(stack))).toEqual([]);
    const found = breachesOf(rule, (stack) => {
      const store = new s3.Bucket(new Stack(stack.node.root, 'ModelStore'), 'Bucket');
      addModel(stack, { modelDataUrl: store.s3UrlForObject('models/x') });
    });
    expect(found).toEqual([]);
  });

  it('accepts only the model bucket when that is known', () => {
    const stack = new Stack();
    addModel(stack);
    const found = (modelBucket: s3.IBucket) =>
      new MiniXdrSageMakerChecks({ modelBucket }).validateScope(stack).violations.length;
    expect(found(stack.node.findChild('ModelBucket') as s3.Bucket)).toBe(0);
    expect(found(new s3.Bucket(stack, 'Another'))).toBe(1);
    expect(() => found(s3.Bucket.fromBucketName(stack, 'Imported', 'imported'))).toThrow('is imported');
  });
});

describe('the key of a model carries its content hash', () => {
  const rule = 'HashedArtifacts';
  const keyed = (key: string, mode?: string) =>
    breachesOf(rule, (stack) => {
      const bucket = new s3.Bucket(stack, 'Bucket');
      addModel(stack, { modelDataUrl: bucket.s3UrlForObject(key), mode });
    });

  it.each([
    'models/general/model.tar.gz',
    'models/general-0123456789abcde.tar.gz',
    `models/${'x'.repeat(64)}`,
  ])('refuses %s', (key) => {
    expect(keyed(key)).toHaveLength(1);
  });

  it('does not take a hash in the name of the bucket for one', () => {
    const modelDataUrl = `s3://assets-${HASH.slice(0, 20)}/model.tar.gz`;
    expect(breachesOf(rule, (stack) => void addModel(stack, { modelDataUrl }))).toHaveLength(1);
  });

  it.each([`models/general/${HASH}.tar.gz`, `models/general-${HASH.slice(0, 16)}.tar.gz`])(
    'accepts %s',
    (key) => {
      expect(keyed(key)).toEqual([]);
    },
  );

  it('asks nothing of a multi-model prefix, whose archives carry the hash', () => {
    expect(keyed('multi-model/', 'MultiModel')).toEqual([]);
    expect(keyed('multi-model/')).toHaveLength(1);
  });
});

describe('containers are named by content', () => {
  const rule = 'PinnedImages';

  it.each(['repo:latest', 'repo', 'repo:1.0', `repo:v-${HASH.slice(0, 40)}`, 'repo@sha256:abc'])(
    'refuses %s',
    (image) => {
      expect(breachesOf(rule, (stack) => void addModel(stack, { image }))).toEqual([
        `${rule}[Image::${image}]`,
      ]);
    },
  );

  it.each([IMAGE, `repo@sha256:${HASH}`, Fn.sub('${AWS::AccountId}.dkr.ecr/x:' + HASH)])(
    'accepts %s',
    (image) => {
      expect(breachesOf(rule, (stack) => void addModel(stack, { image }))).toEqual([]);
    },
  );
});

describe('notebooks are closed', () => {
  const rule = 'HardenedNotebook';
  const hardened: sagemaker.CfnNotebookInstanceProps = {
    instanceType: 'ml.t3.medium',
    roleArn: 'arn:aws:iam::111111111111:role/notebook',
    rootAccess: 'Disabled',
    directInternetAccess: 'Disabled',
    kmsKeyId: 'key',
    platformIdentifier: 'notebook-al2023-v1',
    subnetId: 'subnet-1',
  };
  const notebook = (props: Partial<sagemaker.CfnNotebookInstanceProps>) =>
    breaches((stack) => void new sagemaker.CfnNotebookInstance(stack, 'Notebook', { ...hardened, ...props }));

  it.each<[string, Partial<sagemaker.CfnNotebookInstanceProps>]>([
    ['RootAccess', { rootAccess: 'Enabled' }],
    ['RootAccess', { rootAccess: undefined }],
    ['DirectInternetAccess', { directInternetAccess: undefined }],
    ['KmsKeyId', { kmsKeyId: undefined }],
    ['PlatformIdentifier', { platformIdentifier: 'notebook-al2-v3' }],
    ['PlatformIdentifier', { platformIdentifier: undefined }],
  ])('refuses %s as in %j', (key, props) => {
    expect(notebook(props)).toEqual([`${rule}[${key}]`]);
  });

  it('accepts one without root, without a way past the VPC, encrypted, on a supported platform', () => {
    expect(notebook({})).toEqual([]);
  });
});
