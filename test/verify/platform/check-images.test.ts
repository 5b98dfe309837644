import { about, said, verified } from '../../support/deployed/verified';
import type { DeployedAccount } from '../../support/deployed/deployed-account';

describe('verifying images', () => {
  const tag = '0123456789abcdef'.repeat(4);
  const failing = async (change: (account: DeployedAccount) => void) => {
    const { wrong } = await verified({ account: change, golden: 1 });
    expect(about(wrong).filter(([kind]) => kind === 'image')).toEqual([
      ['image', 'model server 0123456789ab', 'failed'],
    ]);
    return wrong.filter(({ kind }) => kind === 'image');
  };

  it.each([
    'application/vnd.oci.image.manifest.v1+json',
    'application/vnd.oci.image.index.v1+json',
    'application/vnd.docker.distribution.manifest.list.v2+json',
  ])('catches a manifest that SageMaker refuses: %s', async (type) => {
    const found = await failing(({ images }) => (images[tag] = type));

    expect(said(found)).toContain(`has a manifest of type ${type}, which SageMaker refuses`);
    expect(found[0]?.remedy).toContain('docs/runbook.md#image-refused');
  });

  it('catches it after a first deploy that was rolled back for it, which leaves neither endpoint nor model', async () => {
    const found = await failing((account) => {
      account.images[tag] = 'application/vnd.oci.image.manifest.v1+json';
      account.stacks['mini-xdr-dev-Serving'] = 'ROLLBACK_COMPLETE';
      for (const all of [account.endpoints, account.configs, account.models])
        for (const name of Object.keys(all)) delete all[name];
      account.resources.length = 0;
    });
    expect(said(found)).toContain('which SageMaker refuses');
  });

  it('misses an image that is not there any more, without which no instance can start', async () => {
    expect(said(await failing(({ images }) => delete images[tag]))).toContain('has no image 0123');
  });

  it('calls what it may not read undetermined', async () => {
    const { wrong } = await verified({ aws: { denied: ['ecr:DescribeImages'] }, golden: 1 });
    expect(about(wrong)).toEqual([['image', 'model server 0123456789ab', 'undetermined']]);
  });
});
