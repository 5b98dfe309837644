import {
  DescribeLoadBalancersCommand,
  type Listener,
  type LoadBalancer,
  paginateDescribeListeners,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Environment } from '../../config/environment';
import { everyItem } from '../../aws/outcome';
import { type Found, failed, ok, undetermined } from '../check-outcome';
import { compare } from '../compare-values';
import { type DeployedStack, besideStack, goneFrom, partsOf } from '../deployed-stack';
import type { Reader } from '../verify-reader';

const BY_HAND = besideStack('platform-differs');

/** TLS 1.3, and 1.2 at the least. (ELB, "Security policies for your Application Load Balancer".) */
const TLS_POLICY = /^ELBSecurityPolicy-TLS13-1-[23]-/;

function stateFound({ State: state }: LoadBalancer): Found {
  if (state?.Code === 'active') return ok('active');
  const why = state?.Reason === undefined ? '' : `: ${state.Reason}`;
  const detail = `is ${state?.Code ?? 'in no known state'}${why}`;
  return state?.Code === 'provisioning'
    ? undetermined(detail, 'verify again when it is active')
    : failed(detail, 'see it in the EC2 console, and free addresses in its subnets (it needs eight in each)');
}

function schemeFound({ Scheme }: LoadBalancer, internetFacing: boolean): Found[] {
  const planned = internetFacing ? 'internet-facing' : 'internal';
  const wrong = compare('its scheme', Scheme, planned, 'follow docs/runbook.md#replacing-the-load-balancer');
  if (wrong.length > 0) return wrong;
  return [ok(internetFacing ? `${planned}; its web ACL is not looked at` : planned)];
}

const isRedirect = ({ DefaultActions: actions = [] }: Listener) =>
  actions.length > 0 && actions.every(({ Type }) => Type === 'redirect');

/** A listener that is not HTTPS may do nothing but redirect, and without a certificate there is none at all. */
function clearFound(listeners: readonly Listener[], redirects: boolean): Found[] {
  return listeners
    .filter((one) => one.Protocol !== 'HTTPS' && !(redirects && isRedirect(one)))
    .map(({ Port }) => failed(`answers without TLS on port ${Port ?? 'unknown'}`, BY_HAND));
}

function tlsFound(
  { SslPolicy: policy, Certificates: given = [] }: Listener,
  certificateArn: string,
): Found[] {
  return [
    ...(TLS_POLICY.test(policy ?? '')
      ? []
      : [failed(`its TLS policy is ${policy ?? 'none'}, and must be one of TLS 1.3`, BY_HAND)]),
    ...(given.some(({ CertificateArn }) => CertificateArn === certificateArn)
      ? []
      : [failed('its certificate is another than platform.certificateArn', BY_HAND)]),
  ];
}

function listenersFound(listeners: readonly Listener[], certificateArn: string | undefined): Found[] {
  const clear = clearFound(listeners, certificateArn !== undefined);
  const secure = listeners.filter(({ Protocol }) => Protocol === 'HTTPS');
  if (certificateArn === undefined) {
    const wrong = [
      ...clear,
      ...secure.map(({ Port }) =>
        failed(`listens on port ${Port ?? 'unknown'}, though no certificate is configured`, BY_HAND),
      ),
    ];
    return wrong.length > 0 ? wrong : [ok('listens to nothing, as no certificate is configured')];
  }
  const wrong = [
    ...clear,
    ...(secure.length === 0 ? [failed('has no HTTPS listener', BY_HAND)] : []),
    ...secure.flatMap((one) => tlsFound(one, certificateArn)),
  ];
  return wrong.length > 0 ? wrong : [ok('HTTPS with TLS 1.3 and the configured certificate')];
}

/** What there is to say of the platform's load balancer and its listeners. */
export async function loadBalancerFound(
  { platform }: Environment,
  stack: DeployedStack,
  { loadBalancing: client, read, signal: abortSignal }: Reader,
): Promise<Found[]> {
  const LoadBalancerArn = partsOf(stack, 'AWS::ElasticLoadBalancingV2::LoadBalancer')[0]?.physicalId;
  if (LoadBalancerArn === undefined) return [goneFrom(stack.name, 'load balancer')];
  const [described, listeners] = await Promise.all([
    read('elasticloadbalancing:DescribeLoadBalancers', () =>
      client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [LoadBalancerArn] }), { abortSignal }),
    ),
    read('elasticloadbalancing:DescribeListeners', () =>
      everyItem(
        paginateDescribeListeners({ client }, { LoadBalancerArn }, { abortSignal }),
        ({ Listeners }) => Listeners,
      ),
    ),
  ]);
  const open = [described, listeners].flatMap((one) => (one.state === 'unknown' ? [one.found] : []));
  const { certificateArn } = platform;
  const heard = listeners.state === 'known' ? listenersFound(listeners.value, certificateArn) : [];
  if (described.state === 'unknown') return [...open, ...heard];
  const balancer = described.state === 'known' ? described.value.LoadBalancers?.[0] : undefined;
  if (balancer === undefined) return [goneFrom(stack.name, 'load balancer')];
  return [
    stateFound(balancer),
    ...schemeFound(balancer, platform.loadBalancer.internetFacing),
    ...heard,
    ...open,
  ];
}
