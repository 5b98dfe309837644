import { clusterAlarms } from '../../../lib/constructs/platform/cluster-alarms';
import { environmentWith } from '../../support/stacks/infrastructure';
import { IMAGES, running } from '../../support/stacks/workload-images';
import { planOf } from '../../support/app/environment-app';

const everything = { observability: { logs: true, metrics: true } };
const { migration: _migration, ...services } = IMAGES;
const environment = environmentWith(running(services, everything));
const watchOf = (id: string) => {
  const found = clusterAlarms(environment).find((watch) => watch.id === id);
  if (found === undefined) throw new Error(`no watch ${id}`);
  return found;
};

describe('the watches of what runs on the cluster', () => {
  it.each([
    [{}, everything, []],
    [{ backend: IMAGES.backend }, { observability: { metrics: false } }, ['PendingPods']],
    [
      { backend: IMAGES.backend },
      everything,
      ['PendingPods', 'PodRestarts-backend', 'AutoscalerMaximum-backend'],
    ],
    [
      services,
      everything,
      [
        'PendingPods',
        'PodRestarts-backend',
        'AutoscalerMaximum-backend',
        'PodRestarts-frontend',
        'AutoscalerMaximum-frontend',
      ],
    ],
  ])('of %j with %j are %j, and as many are billed', (images, platform, ids) => {
    const watched = environmentWith(running(images, platform));
    const billed = planOf(watched)
      .cost.lines.filter(({ part }) => part === 'clusterLogs' || part === 'cluster')
      .flatMap(({ inputs }) => inputs)
      .filter(({ price }) => price === 'cloudwatch.alarm')
      .reduce((sum, { expected }) => sum + expected, 0);

    expect(clusterAlarms(watched).map(({ id }) => id)).toEqual(ids);
    expect(billed).toBe(ids.length);
  });

  it('go off when a pod has no node for ten minutes, by what EKS counts itself', () => {
    const { metric, threshold } = watchOf('PendingPods');
    expect(metric).toMatchObject({
      namespace: 'AWS/EKS',
      metricName: 'scheduler_pending_pods_UNSCHEDULABLE',
      dimensions: { ClusterName: 'mini-xdr-dev' },
      statistic: 'Sum',
    });
    // One pod is counted once a minute.
    expect(threshold).toBeLessThan(5);
    expect(threshold).toBeGreaterThanOrEqual(4);
  });

  it('go off when a service restarts more than a rollout of a node would make it', () => {
    expect(watchOf('PodRestarts-backend')).toMatchObject({
      metric: {
        namespace: 'ContainerInsights',
        metricName: 'pod_number_of_container_restarts',
        dimensions: { ClusterName: 'mini-xdr-dev', Namespace: 'mini-xdr', PodName: 'backend' },
        statistic: 'Sum',
      },
      threshold: 2,
    });
  });

  it('go off when a service has had all the pods that it may for a quarter of an hour', () => {
    const { metric, threshold, window } = watchOf('AutoscalerMaximum-frontend');
    expect(metric).toMatchObject({ metricName: 'replicas_desired', statistic: 'Minimum' });
    expect(threshold).toBe(environment.platform.workloads.maxReplicas.frontend - 1);
    expect(window?.toMinutes()).toBe(15);
  });
});
