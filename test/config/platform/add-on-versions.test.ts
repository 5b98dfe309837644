import { ADD_ON_VERSIONS, ADD_ONS, addOnVersion } from '../../../lib/config/platform/add-on-versions';
import { environmentSchema } from '../../../lib/config/environment';
import { environmentWith, refusals } from '../../support/plan/plan-fixtures';

/** Kubernetes versions that an environment may have. */
const { kubernetesVersion } = environmentSchema.shape.platform.shape;

describe('versions of add-ons', () => {
  it.each(kubernetesVersion.options)('are known for Kubernetes %s, each with its source', (version) => {
    for (const name of ADD_ONS) expect(ADD_ON_VERSIONS[version]?.[name].source).toBeTruthy();
    const environment = environmentWith({ platform: { kubernetesVersion: version } });
    expect(addOnVersion(environment, 'metrics-server')).toBe(
      ADD_ON_VERSIONS[version]?.['metrics-server'].version,
    );
  });

  it('are those that the configuration names, and are spelled as EKS does', () => {
    const named = (version: string) => ({ platform: { addOnVersions: { 'metrics-server': version } } });
    expect(addOnVersion(environmentWith(named('v0.9.0-eksbuild.2')), 'metrics-server')).toBe(
      'v0.9.0-eksbuild.2',
    );
    expect(refusals(named('0.9.0'))).toEqual([
      expect.stringMatching(
        /addOnVersions\["metrics-server"\]: given "0\.9\.0"; allowed is a version such as/,
      ),
    ]);
  });
});
