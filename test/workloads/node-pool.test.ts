import type { Json } from '../../lib/util/json';
import { UserError } from '../../lib/util/user-error';
import { get, object, OPTIONS, rendered } from '../support/workloads/workload-fixtures';

describe('the nodes', () => {
  const { nodes } = OPTIONS;
  const nodeClass = (change = {}) =>
    get(object(rendered({ nodes: { ...nodes, ...change } }), 'NodeClass', 'mini-xdr'), 'spec');
  const pool = (change = {}) =>
    get(object(rendered({ nodes: { ...nodes, ...change } }), 'NodePool', 'mini-xdr'), 'spec');
  const required = (label: string, change = {}) => {
    const requirements = get(pool(change), 'template.spec.requirements') as readonly Json[];
    return requirements
      .filter((requirement) => get(requirement, 'key') === label)
      .map((one) => get(one, 'values'));
  };

  it("stand in the cluster's subnets and security group with its role, and enforce network policies", () => {
    expect(nodeClass()).toEqual({
      role: 'mini-xdr-nodes',
      subnetSelectorTerms: nodes.subnetIds.map((id) => ({ id })),
      securityGroupSelectorTerms: nodes.securityGroupIds.map((id) => ({ id })),
      networkPolicy: 'DefaultAllow',
      networkPolicyEventLogs: 'Enabled',
      ephemeralStorage: { size: '80Gi', kmsKeyID: nodes.diskKeyArn },
    });
    expect(get(pool(), 'template.spec.nodeClassRef.name')).toBe('mini-xdr');
  });

  it.each([
    [4, 2, '8'],
    [12, 2, '20'],
    [15, 3, '27'],
  ])('of %d vCPUs in %d zones may be as many more as replace the largest in each zone', (vcpus, zones, cpu) =>
    expect(get(pool({ vcpus, zones }), 'limits')).toEqual({ cpu }),
  );

  it('are started on demand and of the architecture of the images', () => {
    expect(required('karpenter.sh/capacity-type')).toEqual([['on-demand']]);
    expect(required('kubernetes.io/arch')).toEqual([['arm64']]);
  });

  it.each([
    [4, 2, ['2']],
    [9, 2, ['2', '4']],
    [15, 3, ['2', '4']],
    [200, 3, ['2', '4', '8', '16', '32']],
  ])('of %d vCPUs in %d zones are small enough for one in each', (vcpus, zones, sizes) =>
    expect(required('eks.amazonaws.com/instance-cpu', { vcpus, zones })).toEqual([sizes]),
  );

  it('are refused where a zone would have none', () => {
    expect(() => pool({ vcpus: 5, zones: 3 })).toThrow(UserError);
    expect(() => pool({ vcpus: 5, zones: 3 })).toThrow(/5 vCPUs in 3 zones; allowed is at least 6/);
  });

  it('are replaced one by one, and in the end against a budget', () => {
    expect(get(pool(), 'disruption.budgets')).toEqual([{ nodes: '1' }]);
    expect(get(pool(), 'template.spec')).toMatchObject({ expireAfter: '336h', terminationGracePeriod: '1h' });
  });

  it('are those that every pod asks for', () => {
    const pods = rendered().filter(({ kind }) => kind === 'Deployment' || kind === 'Job');
    expect(pods).toHaveLength(3);
    for (const manifest of pods) {
      expect(get(manifest, 'spec.template.spec.nodeSelector')).toEqual({
        'karpenter.sh/nodepool': 'mini-xdr',
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'arm64',
      });
    }
  });
});
