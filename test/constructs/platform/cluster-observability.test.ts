import type { Template } from 'aws-cdk-lib/assertions';
import { ADD_ON_VERSIONS } from '../../../lib/config/platform/add-on-versions';
import {
  type Changes,
  actionsOf,
  identityStatements,
  infrastructureWith,
  propertiesOf,
} from '../../support/stacks/infrastructure';
import { IMAGES, running } from '../../support/stacks/workload-images';

const ADD_ON = 'AWS::EKS::Addon';
const MANIFEST = 'Custom::AWSCDK-EKS-KubernetesResource';
const platformOf = (platform: object, changes: Changes = {}): Template =>
  infrastructureWith({ ...changes, ...running(IMAGES, platform) }).platform;

/** The add-ons of a platform by name, with what they are told. */
function addOnsOf(platform: Template): Record<string, { version: unknown; values: object }> {
  return Object.fromEntries(
    Object.values(propertiesOf(platform, ADD_ON)).map((properties) => [
      String(properties['AddonName']),
      {
        version: properties['AddonVersion'],
        values: JSON.parse((properties['ConfigurationValues'] as string | undefined) ?? '{}') as object,
      },
    ]),
  );
}

const groupsOf = (platform: Template) =>
  Object.values(propertiesOf(platform, 'AWS::Logs::LogGroup')).filter(({ LogGroupName }) =>
    String(LogGroupName).startsWith('/aws/containerinsights/'),
  );

const nameOf = ({ LogGroupName }: Record<string, unknown>) => String(LogGroupName).split('/').at(-1);

const observabilityOf = (platform: Template) =>
  Object.keys(platform.findResources(ADD_ON)).find((id) => id.includes('Observability')) ?? '';

const dependenciesOf = (platform: Template, type: string, id: string) =>
  platform.findResources(type)[id]?.['DependsOn'] as string[];

describe('logs and metrics of pods and nodes', () => {
  const both = platformOf({ observability: { logs: true, metrics: true } });

  it('go to groups that are there before, with key and retention', () => {
    const groups = groupsOf(both);
    expect(new Set(groups.map(nameOf))).toEqual(new Set(['application', 'dataplane', 'host', 'performance']));
    for (const group of groups) {
      expect(group).toMatchObject({
        LogGroupName: expect.stringMatching(/^\/aws\/containerinsights\/mini-xdr-dev\/\w+$/) as unknown,
        RetentionInDays: 30,
        KmsKeyId: expect.anything() as unknown,
      });
    }
    const before = dependenciesOf(both, ADD_ON, observabilityOf(both));
    expect(before.filter((one) => one.startsWith('WorkloadsObservability')).length).toBeGreaterThanOrEqual(6);
  });

  it('are sent by agents that may write to these groups and do nothing else', () => {
    const statements = identityStatements(both).filter(({ Resource }) =>
      JSON.stringify(Resource).includes('WorkloadsObservability'),
    );
    expect(new Set(actionsOf(statements))).toEqual(new Set(['logs:CreateLogStream', 'logs:PutLogEvents']));
    both.hasResourceProperties('AWS::EKS::PodIdentityAssociation', {
      Namespace: 'amazon-cloudwatch',
      ServiceAccount: 'cloudwatch-agent',
    });
  });

  it('are sent before the first pod runs whose logs are wanted', () => {
    const manifests = both.findResources(MANIFEST);
    const waiting = Object.keys(manifests).filter((id) =>
      dependenciesOf(both, MANIFEST, id).includes(observabilityOf(both)),
    );
    const groups = waiting.map((id) => /^Workloads([A-Z][a-z]+)/.exec(id)?.[1]);
    expect(new Set(groups)).toEqual(new Set(['Backend', 'Frontend', 'Internet', 'Migration']));
  });

  it('come without what costs and is not asked for', () => {
    const { values } = addOnsOf(both)['amazon-cloudwatch-observability'] ?? { values: {} };
    expect(values).toMatchObject({
      containerLogs: { enabled: true },
      containerInsights: { enabled: true },
      otelContainerInsights: { enabled: false },
      applicationSignals: { enabled: false },
      manager: { applicationSignals: { autoMonitor: { monitorAllServices: false } } },
      agent: { resources: { requests: { cpu: '75m', memory: '128Mi' } } },
    });
  });

  it('may be logs alone, and then no agent runs that has nothing to collect', () => {
    const logs = platformOf({ observability: { logs: true, metrics: false } });
    expect(new Set(groupsOf(logs).map(nameOf))).toEqual(new Set(['application', 'dataplane', 'host']));
    expect(addOnsOf(logs)['amazon-cloudwatch-observability']?.values).toMatchObject({
      containerInsights: { enabled: false },
      agents: [],
    });
  });

  it('may be none, and then nothing is there to send them', () => {
    const none = platformOf({ observability: { logs: false, metrics: false } });
    expect(groupsOf(none)).toEqual([]);
    expect(Object.keys(addOnsOf(none))).toEqual(['metrics-server']);
    none.resourceCountIs('AWS::EKS::PodIdentityAssociation', 2);
  });
});

describe('add-ons', () => {
  it.each(['1.35', '1.36'] as const)(
    'are at the versions that belong to Kubernetes %s',
    (kubernetesVersion) => {
      for (const [name, { version }] of Object.entries(addOnsOf(platformOf({ kubernetesVersion })))) {
        expect(version).toBe(ADD_ON_VERSIONS[kubernetesVersion]?.[name as 'metrics-server'].version);
        expect(version).toMatch(/^v[\d.]+-eksbuild\.\d+$/);
      }
    },
  );

  it('are at the versions that the configuration names, and go with their pods', () => {
    const platform = platformOf({ addOnVersions: { 'metrics-server': 'v0.9.0-eksbuild.1' } });
    expect(addOnsOf(platform)['metrics-server']?.version).toBe('v0.9.0-eksbuild.1');
    for (const properties of Object.values(propertiesOf(platform, ADD_ON))) {
      expect(properties).not.toHaveProperty('PreserveOnDelete', true);
      expect(properties).toHaveProperty('ResolveConflicts', 'OVERWRITE');
    }
  });
});
