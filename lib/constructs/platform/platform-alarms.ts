import type { Environment } from '../../config/environment';
import { watchedServices } from '../../config/workloads/configured-workloads';
import type { LoadBalancer } from './load-balancer';
import { hostMetric, loadBalancerMetric } from './load-balancer-metrics';
import type { AlarmSpec } from '../common/alarm-spec';

/**
 * Unhealthy pods, averaged over 5 minutes and over the load balancer's nodes, one in each of two or three zones. A pod
 * that a single node cannot reach for ten minutes counts a half or a third; one that starts slowly or ends abruptly,
 * and is found out for a minute, counts less than this in at least one of the two periods.
 */
const UNHEALTHY_HOSTS = 0.25;

/**
 * Answers in 5 minutes, so more than one a minute for ten minutes. A pod that ends abruptly costs a few, and scanners
 * of a public address draw some 501 and 505; in an outage every request gets one.
 */
const OWN_SERVER_ERRORS = 5;

/**
 * What to watch of the way to the platform's pods. The two complement each other: pods that Kubernetes calls ready and
 * the load balancer cannot reach are unhealthy; pods that Kubernetes calls unready are taken out of the target group,
 * and with the last one gone there is nothing unhealthy any more, but every request is answered with 503. Without a
 * certificate nothing listens, and there is nothing to watch.
 */
export function platformAlarms(loadBalancer: LoadBalancer, environment: Environment): AlarmSpec[] {
  if (environment.platform.certificateArn === undefined) return [];
  return [
    ...watchedServices(environment).map((service) => ({
      id: `UnhealthyHosts-${service}`,
      metric: hostMetric(loadBalancer, service, 'UnHealthyHostCount'),
      threshold: UNHEALTHY_HOSTS,
      says: `Pods of the ${service} do not pass the load balancer's health check`,
      runbook: 'unhealthy-hosts',
    })),
    {
      id: 'LoadBalancerErrors',
      metric: loadBalancerMetric(loadBalancer, 'HTTPCode_ELB_5XX_Count'),
      threshold: OWN_SERVER_ERRORS,
      says: 'The load balancer answers with server errors of its own, because no pod does',
      runbook: 'load-balancer-errors',
    },
  ];
}
