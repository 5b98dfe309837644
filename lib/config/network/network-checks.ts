import type { z } from 'zod';
import { addressShortage } from './address-plan';
import { missingEndpoints, missingIndexes, unreachableImages } from './required-endpoints';
import { RATE_WINDOW_SECONDS, peakRequests, peakRps } from './rate-limit';
import type { Environment } from '../environment';

/** A value that does not go together with others. */
interface Contradiction {
  readonly path: readonly string[];
  /** What would be allowed, and why. */
  readonly message: string;
  readonly input: unknown;
}

function reachContradictions(environment: Environment): Contradiction[] {
  const { network, workbench } = environment;
  const missing = missingEndpoints(environment);
  const indexes = missingIndexes(environment);
  return [
    ...(missing.length > 0
      ? [
          {
            path: ['network', 'interfaceEndpoints'],
            message:
              `without NAT gateways a list that also has ` +
              `${missing.map(({ service, why }) => `${service} (${why})`).join(', ')}; images then come from ` +
              `this account's ECR alone, as nothing leads to public registries; or set network.natGateways`,
            input: network.interfaceEndpoints,
          },
        ]
      : []),
    ...(indexes.length > 0
      ? [
          {
            path: ['workbench', 'trainer'],
            message:
              `false where network.natGateways is 0: training installs from PyPI and pytorch.org, which no endpoint ` +
              `leads to; or set network.natGateways, or an index inside the network in ${indexes.join(' and ')}`,
            input: workbench.trainer,
          },
        ]
      : []),
  ];
}

function imageContradictions(environment: Environment): Contradiction[] {
  const given: Readonly<Record<string, { readonly image: string } | undefined>> =
    environment.platform.workloads.images;
  return unreachableImages(environment).map((name) => ({
    path: ['platform', 'workloads', 'images', name, 'image'],
    message:
      "an image of this platform's own repository, or of another one in ECR, where network.natGateways is 0: " +
      'nothing leads to public registries',
    input: given[name]?.image,
  }));
}

function addressContradictions(environment: Environment): Contradiction[] {
  const { network, platform } = environment;
  const shortage = addressShortage(environment);
  if (shortage === undefined) return [];
  const { needed, available, sufficientMask } = shortage;
  const allowed =
    sufficientMask === undefined
      ? 'no block: lower platform.peakNodeVcpus'
      : `a block of /${sufficientMask} or larger`;
  return [
    {
      path: ['network', 'cidr'],
      message:
        `${allowed}; the cluster's subnet of a zone has ${available} addresses, and pods and nodes of ` +
        `${platform.peakNodeVcpus} vCPUs with what else it holds take ${needed}`,
      input: network.cidr,
    },
  ];
}

/** Whoever lists addresses expects them to be asked; an internal load balancer asks no list. */
function internalContradictions({ loadBalancer }: Environment['platform']): Contradiction[] {
  const { allowedCidrs } = loadBalancer;
  if (allowedCidrs.length === 0) return [];
  return [
    {
      path: ['platform', 'loadBalancer', 'allowedCidrs'],
      message:
        'an empty list, unless platform.loadBalancer.internetFacing is true: an internal load balancer admits the ' +
        'VPC alone',
      input: allowedCidrs,
    },
  ];
}

/** The web ACL must not block the traffic that is planned with. */
function rateContradictions(environment: Environment): Contradiction[] {
  const limit = environment.platform.loadBalancer.rateLimitPer5Minutes;
  const peak = peakRequests(environment);
  if (limit === undefined || limit >= peak) return [];
  return [
    {
      path: ['platform', 'loadBalancer', 'rateLimitPer5Minutes'],
      message:
        `at least ${peak}, or nothing: at peak there are ${peakRps(environment)} requests a second (traffic), which ` +
        `are ${peak} in ${RATE_WINDOW_SECONDS} seconds, and all may come from one address, such as a NAT gateway's`,
      input: limit,
    },
  ];
}

function loadBalancerContradictions(environment: Environment): Contradiction[] {
  const { platform } = environment;
  const { enabled, certificateArn, loadBalancer } = platform;
  const { internetFacing, allowedCidrs } = loadBalancer;
  if (!internetFacing) return internalContradictions(platform);
  const rules = [
    {
      broken: !enabled,
      path: ['platform', 'loadBalancer', 'internetFacing'],
      message: 'false, unless platform.enabled is true',
      input: internetFacing,
    },
    {
      broken: certificateArn === undefined,
      path: ['platform', 'certificateArn'],
      message: "an ACM certificate's ARN where platform.loadBalancer.internetFacing is true",
      input: certificateArn,
    },
    {
      broken: allowedCidrs.length === 0,
      path: ['platform', 'loadBalancer', 'allowedCidrs'],
      message:
        'at least one block where platform.loadBalancer.internetFacing is true; everybody is 0.0.0.0/0',
      input: allowedCidrs,
    },
  ];
  return [...rules.filter(({ broken }) => broken), ...rateContradictions(environment)];
}

/** Adds an issue for everything about the network that other parts of the environment contradict. */
export function checkNetwork(environment: Environment, ctx: z.RefinementCtx): void {
  const contradictions = [
    ...reachContradictions(environment),
    ...imageContradictions(environment),
    ...addressContradictions(environment),
    ...loadBalancerContradictions(environment),
  ];
  for (const { path, message, input } of contradictions) {
    ctx.addIssue({ code: 'custom', path: [...path], message, input });
  }
}
