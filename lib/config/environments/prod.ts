import type { EnvironmentInput } from '../environment-input';

/**
 * Warm and protected, in an account of its own that still has AWS's default quotas. They hold one instance and one more
 * to grow, not two and one more: so a single instance serves all models, and the plan warns of it.
 */
export const prod: EnvironmentInput = {
  name: 'prod',
  region: 'us-east-1',
  snapshot: 'new-account',
  traffic: {
    general: { averageRps: 5, peakRps: 40 },
    ddos: { averageRps: 2, peakRps: 30 },
    bruteforce: { averageRps: 2, peakRps: 20 },
    webattacks: { averageRps: 2, peakRps: 20 },
  },
  latency: { p95Ms: 150, coldStarts: 'refused' },
  // 2 once the account has 3 of ml.m6g.large for endpoint usage; AWS's default is 2.
  availability: { minInstances: 1, autoscaling: true },
  budget: { monthlyUsd: 700 },
  hosting: {
    modes: ['serverless', 'dedicated', 'shared'],
    serverless: { burstConcurrency: 2, throttledShare: 0.05 },
    safetyFactor: 2,
  },
  limits: {},
  network: { cidr: '10.60.0.0/16', zones: ['a', 'b'], natGateways: 2, interfaceEndpoints: [] },
  platform: {
    enabled: true,
    kubernetesVersion: '1.36',
    peakNodeVcpus: 4,
  },
  database: {
    enabled: true,
    instanceType: 'db.t4g.small',
    storageGb: 100,
    maxStorageGb: 200,
    multiAz: true,
    backupDays: 30,
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
  protection: { deletionProtection: true, onRemoval: 'retain' },
  operations: { logRetentionDays: 365 },
};
