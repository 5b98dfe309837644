import type { EnvironmentInput } from '../environment-input';

/**
 * Rehearses production: the same hosting, architecture, scaling, guardrails and parts, smaller, in an account of its own
 * that still has AWS's default quotas. A test compares the templates and names what production alone has.
 */
export const staging: EnvironmentInput = {
  name: 'staging',
  region: 'us-east-1',
  snapshot: 'new-account',
  traffic: {
    general: { averageRps: 1, peakRps: 10 },
    ddos: { averageRps: 0.5, peakRps: 8 },
    bruteforce: { averageRps: 0.5, peakRps: 8 },
    webattacks: { averageRps: 0.5, peakRps: 8 },
  },
  latency: { p95Ms: 150, coldStarts: 'refused' },
  availability: { minInstances: 1, autoscaling: true },
  budget: { monthlyUsd: 525 },
  hosting: {
    modes: ['serverless', 'dedicated', 'shared'],
    serverless: { burstConcurrency: 2, throttledShare: 0.05 },
    safetyFactor: 2,
  },
  limits: {},
  network: { cidr: '10.50.0.0/16', zones: ['a', 'b'], natGateways: 1, interfaceEndpoints: [] },
  platform: {
    enabled: true,
    kubernetesVersion: '1.36',
    peakNodeVcpus: 4,
  },
  database: {
    enabled: true,
    instanceType: 'db.t4g.micro',
    storageGb: 20,
    maxStorageGb: 40,
    multiAz: true,
    backupDays: 14,
  },
  workbench: {
    notebook: false,
    notebookInstanceType: 'ml.t3.medium',
    notebookVolumeGb: 20,
    notebookHoursPerMonth: 0,
    trainer: false,
    trainerInstanceType: 'm5.xlarge',
    trainerVolumeGb: 100,
    trainerHoursPerMonth: 0,
  },
  protection: { deletionProtection: true, onRemoval: 'snapshot' },
  operations: { logRetentionDays: 90 },
};
