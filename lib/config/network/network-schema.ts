import { z } from 'zod';

/** Interface endpoints that the network can hold, by the last part of their service name. */
export const INTERFACE_ENDPOINTS = [
  'ec2',
  'ecr.api',
  'ecr.dkr',
  'eks',
  'eks-auth',
  'lambda',
  'logs',
  'rds',
  'sts',
  'ssm',
  'ssmmessages',
  'secretsmanager',
  'sagemaker.api',
  'sagemaker.runtime',
  'notebook',
  'kms',
] as const;

/** A service that the network can reach without the internet. */
export type InterfaceEndpoint = (typeof INTERFACE_ENDPOINTS)[number];

/** Zones that a network can have; addresses are kept for as many. */
export const MOST_ZONES = 3;

/** Blocks that the load balancer may admit: each takes two of the 60 inbound rules that a security group holds. */
const MOST_ALLOWED_CIDRS = 30;

/** Shape of the VPC, and how it reaches what is outside. */
export const networkSchema = z
  .strictObject({
    cidr: z
      .string()
      .regex(/^\d+\.\d+\.\d+\.\d+\/(1[6-9]|2[0-2])$/, 'an IPv4 block of /16 to /22, such as 10.40.0.0/16'),
    zones: z
      .array(z.string().regex(/^[a-f]$/, 'a zone letter such as a'))
      .min(2)
      .max(MOST_ZONES)
      .describe('zones by their letter; add one at the end, as those that are there keep their place'),
    natGateways: z.int().min(0).max(3),
    interfaceEndpoints: z.array(z.enum(INTERFACE_ENDPOINTS)),
  })
  .superRefine(({ zones, natGateways, interfaceEndpoints }, ctx) => {
    if (natGateways > zones.length) {
      ctx.addIssue({
        code: 'custom',
        path: ['natGateways'],
        message: `at most one a zone; there are ${zones.length} zones`,
        input: natGateways,
      });
    }
    if (new Set(zones).size !== zones.length) {
      ctx.addIssue({ code: 'custom', path: ['zones'], message: 'each zone once', input: zones });
    }
    if (new Set(interfaceEndpoints).size !== interfaceEndpoints.length) {
      ctx.addIssue({
        code: 'custom',
        path: ['interfaceEndpoints'],
        message: 'each service once',
        input: interfaceEndpoints,
      });
    }
  });

/** Who may reach the platform's load balancer; unless said otherwise, the VPC alone. */
export const loadBalancerSchema = z
  .strictObject({
    internetFacing: z
      .boolean()
      .default(false)
      .describe(
        'whether the load balancer has public addresses; it takes a certificate and a list of who may come',
      ),
    allowedCidrs: z
      .array(z.cidrv4('an IPv4 block such as 203.0.113.0/24'))
      .max(MOST_ALLOWED_CIDRS)
      .default([])
      .describe('who may reach an internet-facing load balancer; everybody only where 0.0.0.0/0 is listed'),
    rateLimitPer5Minutes: z
      .int()
      .min(10)
      .max(2_000_000_000)
      .optional()
      .describe(
        'requests that one address may make to an internet-facing load balancer in five minutes; when absent, those of ' +
          'the planned peak (traffic) times hosting.safetyFactor, and at least 2000',
      ),
  })
  .prefault({});
