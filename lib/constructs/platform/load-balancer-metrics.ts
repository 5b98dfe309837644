import { Duration, Fn } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { ServiceName } from '../../config/workloads/workload-names';
import type { LoadBalancer } from './load-balancer';

/** Metrics of the load balancer as a whole. */
export type LoadBalancerMetric = 'RequestCount' | 'HTTPCode_ELB_5XX_Count' | 'HTTPCode_Target_5XX_Count';

/**
 * What the load balancer counts over all of its targets. It publishes a figure only for minutes in which there is
 * something to count.
 *
 * @param options what differs from a sum over 5 minutes
 */
export function loadBalancerMetric(
  { loadBalancer }: LoadBalancer,
  metricName: LoadBalancerMetric,
  options?: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/ApplicationELB',
    metricName,
    dimensionsMap: { LoadBalancer: balancerName(loadBalancer.loadBalancerArn) },
    statistic: cloudwatch.Stats.SUM,
    period: Duration.minutes(5),
    ...options,
  });
}

/**
 * Pods of a workload that pass, or fail, the load balancer's own health check. CDK's metrics of a target group refuse
 * one that no listener uses, which without a certificate all are; AWS then publishes nothing, which is right as well.
 *
 * @param options what differs from the average over 5 minutes and over the load balancer's nodes
 */
export function hostMetric(
  door: LoadBalancer,
  service: ServiceName,
  metricName: 'HealthyHostCount' | 'UnHealthyHostCount',
  options?: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/ApplicationELB',
    metricName,
    dimensionsMap: {
      TargetGroup: Fn.select(5, Fn.split(':', door[service].targetGroupArn)),
      LoadBalancer: balancerName(door.loadBalancer.loadBalancerArn),
    },
    statistic: cloudwatch.Stats.AVERAGE,
    period: Duration.minutes(5),
    ...options,
  });
}

/** How CloudWatch names a load balancer, and its target groups: by the end of the ARN, which the stacks share anyway. */
function balancerName(arn: string): string {
  return Fn.select(1, Fn.split(':loadbalancer/', arn));
}
