import { DEREGISTRATION_SECONDS, HEALTH_CHECK } from '../../lib/config/workloads/rollout-timing';
import { get, object, rendered } from '../support/workloads/workload-fixtures';

const SERVICES = ['backend', 'frontend'] as const;
const GATE = 'eks.amazonaws.com/pod-readiness-gate-inject';

describe('a rollout', () => {
  it.each(SERVICES)(
    'of the %s stops an old pod only once the load balancer calls a new one healthy',
    (name) => {
      const manifests = rendered({ listening: true });
      const place = (kind: string) => manifests.indexOf(object(manifests, kind, name));

      expect(get(object(manifests, 'Namespace', 'mini-xdr'), 'metadata.labels')).toHaveProperty(
        [GATE],
        'enabled',
      );
      // Auto Mode's webhook gives the gate to pods whose Service and binding are there.
      expect(place('Service')).toBeLessThan(place('Deployment'));
      expect(place('TargetGroupBinding')).toBeLessThan(place('Deployment'));
    },
  );

  it('waits for no load balancer that asks no pod', () => {
    const labels = get(object(rendered({ listening: false }), 'Namespace', 'mini-xdr'), 'metadata.labels');
    expect(labels).not.toHaveProperty([GATE]);
  });

  it.each(SERVICES)(
    'of the %s follows when a listener comes or goes, as gates stay with the pods that have them',
    (name) => {
      const podsOf = (listening: boolean) =>
        get(object(rendered({ listening }), 'Deployment', name), 'spec.template.metadata');
      expect(podsOf(true)).not.toEqual(podsOf(false));
    },
  );

  it.each(SERVICES)('of the %s counts a pod after the time of two health checks, gate or not', (name) => {
    const manifest = object(rendered(), 'Deployment', name);
    expect(Number(get(manifest, 'spec.minReadySeconds'))).toBe(2 * HEALTH_CHECK.intervalSeconds);
    expect(get(manifest, 'spec.strategy.rollingUpdate')).toEqual({ maxUnavailable: 0, maxSurge: 1 });
  });
});

describe('a pod that stops', () => {
  it.each(SERVICES)(
    'of the %s serves until the load balancer has let go of it, and may then finish',
    (name) => {
      const pods = get(object(rendered(), 'Deployment', name), 'spec.template.spec');
      const drain = Number(get(pods, 'containers.0.lifecycle.preStop.sleep.seconds'));

      expect(drain).toBeGreaterThan(DEREGISTRATION_SECONDS);
      expect(Number(get(pods, 'terminationGracePeriodSeconds'))).toBeGreaterThan(drain + 30);
    },
  );
});
