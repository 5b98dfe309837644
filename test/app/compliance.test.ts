import { CfnResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type { IConstruct } from 'constructs';
import { type Assessment, assess, unusedDecisions } from '../../lib/compliance/apply-compliance';
import { environmentNames } from '../../lib/config/load-environment';
import { type Built, build, shippedPlan } from '../support/app/environment-app';

/** More deviations than these nobody reviews any more. */
const MOST_DEVIATIONS = 25;

/** A deviation is one reason at one construct, however many packs report it. */
function deviationsOf({ acknowledgements }: Assessment): string[] {
  return [...new Set(acknowledgements.map(({ at, reason }) => `${at}: ${reason}`))];
}

describe('the compliance of every environment', () => {
  const assessments = new Map<string, Assessment>();
  beforeAll(() => {
    for (const name of environmentNames()) assessments.set(name, assess(build(shippedPlan(name)).app));
  });
  const of = (name: string): Assessment => {
    const found = assessments.get(name);
    if (found === undefined) throw new Error(`${name} has not been assessed`);
    return found;
  };

  it.each(environmentNames())('leaves no finding open in %s', (name) => {
    expect(of(name).outstanding).toEqual([]);
    expect(of(name).acknowledged.length).toBeGreaterThan(0);
  });

  it.each(environmentNames())('has no acknowledgement in %s that accepts nothing', (name) => {
    expect(of(name).stale).toEqual([]);
  });

  it.each(environmentNames())(`deviates in %s at most ${MOST_DEVIATIONS} times`, (name) => {
    expect(deviationsOf(of(name)).length).toBeLessThanOrEqual(MOST_DEVIATIONS);
  });

  it.each(environmentNames())('gives a reason for every deviation in %s', (name) => {
    for (const { reason } of of(name).acknowledgements) expect(reason.length).toBeGreaterThanOrEqual(40);
  });

  it('uses every decision of the project somewhere', () => {
    expect(unusedDecisions([...assessments.values()])).toEqual([]);
  });
});

type Fault = readonly [fault: string, finding: string, commit: (built: Built) => void];

/**
 * What makes an environment unacceptable, as someone in a hurry would do it. Those of a list are committed together:
 * none of them is found by the rule of another.
 */
const FAULTS: readonly (readonly Fault[])[] = [
  [
    [
      'AmazonSageMakerFullAccess on the inference role',
      'MiniXdrSageMaker-NoFullAccessPolicy[Policy::AmazonSageMakerFullAccess]',
      (built) => attachFullAccess(roleAt(built, '/Serving/Inference/Role')),
    ],
    [
      'a model from a bucket that is not the project’s',
      'MiniXdrSageMaker-ProjectArtifacts',
      (built) => setModelUrl(built, 's3://somebody-elses-bucket/artifacts/ddos/0123456789abcdef.tar.gz'),
    ],
    [
      'an inference role that may invoke any endpoint',
      'MiniXdrSageMaker-NarrowInvoke',
      (built) => allowOn(roleAt(built, '/Serving/Inference/Role'), 'sagemaker:InvokeEndpoint', '*'),
    ],
  ],
  [
    [
      'AmazonSageMakerFullAccess on the role of the backend',
      'MiniXdrSageMaker-NoFullAccessPolicy[Policy::AmazonSageMakerFullAccess]',
      (built) => attachFullAccess(roleAt(built, '/Platform/Backend/Role')),
    ],
    [
      'a model from a second bucket of the app',
      'MiniXdrSageMaker-ProjectArtifacts',
      (built) => {
        const bucket = new s3.Bucket(built.stage.store, 'Second');
        setModelUrl(built, bucket.s3UrlForObject('artifacts/ddos/0123456789abcdef.tar.gz'));
      },
    ],
    [
      'an inference role that may invoke endpoints by a pattern of names',
      'MiniXdrSageMaker-NarrowInvoke',
      (built) =>
        allowOn(
          roleAt(built, '/Serving/Inference/Role'),
          'sagemaker:Invoke*',
          'arn:aws:sagemaker:us-east-1:111122223333:endpoint/mini-xdr-*',
        ),
    ],
  ],
];

function find<T extends IConstruct>(
  { stage }: Built,
  wanted: (construct: IConstruct) => construct is T,
  pathEnd = '',
): T {
  const found = stage.node
    .findAll()
    .filter(wanted)
    .find(({ node }) => node.path.endsWith(pathEnd));
  if (found === undefined) throw new Error(`the app has nothing at ${pathEnd}`);
  return found;
}

function roleAt(built: Built, pathEnd: string): iam.Role {
  return find(built, (construct): construct is iam.Role => construct instanceof iam.Role, pathEnd);
}

function attachFullAccess(role: iam.Role): void {
  role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonSageMakerFullAccess'));
}

function setModelUrl(built: Built, url: string): void {
  const isModel = (construct: IConstruct): construct is sagemaker.CfnModel =>
    CfnResource.isCfnResource(construct) && construct.cfnResourceType === 'AWS::SageMaker::Model';
  find(built, isModel).addPropertyOverride('PrimaryContainer.ModelDataUrl', url);
}

function allowOn(role: iam.Role, action: string, resource: string): void {
  role.addToPolicy(new iam.PolicyStatement({ actions: [action], resources: [resource] }));
}

describe.each(FAULTS)('synthesis of the whole app', (...faults) => {
  let failure = '';
  beforeAll(() => {
    const built = build(shippedPlan('dev'));
    for (const [, , commit] of faults) commit(built);
    try {
      built.app.synth();
    } catch (error) {
      failure = (error as Error).message;
    }
  });

  it.each(faults)('fails on %s', (_fault, finding) => {
    expect(failure).toContain(finding);
  });
});
