import type { EnvironmentInput } from '../environment-input';

/** One engineer at a time, small traffic, everything disposable. Shares the recorded Mini-XDR account. */
export const dev: EnvironmentInput = {
  name: 'dev',
  region: 'us-east-1',
  snapshot: 'mini-xdr-2025-11',
  traffic: {
    general: { averageRps: 0.2, peakRps: 2 },
    ddos: { averageRps: 0.1, peakRps: 1 },
    bruteforce: { averageRps: 0.1, peakRps: 1 },
    webattacks: { averageRps: 0.1, peakRps: 1 },
  },
  latency: { p95Ms: 300, coldStarts: 'accepted' },
  availability: { minInstances: 1, autoscaling: true },
  budget: { monthlyUsd: 400 },
  hosting: {
    modes: ['serverless', 'dedicated', 'shared'],
    serverless: { burstConcurrency: 2, throttledShare: 0.05 },
    safetyFactor: 2,
  },
  limits: {},
  network: { cidr: '10.40.0.0/16', zones: ['a', 'b'], natGateways: 1, interfaceEndpoints: [] },
  platform: {
    enabled: true,
    kubernetesVersion: '1.36',
    peakNodeVcpus: 4,
    // One engineer watches the pods; their metrics would cost a tenth of the budget.
    observability: { metrics: false },
  },
  database: {
    enabled: true,
    instanceType: 'db.t4g.micro',
    storageGb: 20,
    maxStorageGb: 40,
    multiAz: false,
    backupDays: 7,
  },
  workbench: {
    notebook: true,
    notebookInstanceType: 'ml.t3.medium',
    notebookVolumeGb: 20,
    notebookHoursPerMonth: 80,
    trainer: true,
    trainerInstanceType: 'm5.xlarge',
    trainerVolumeGb: 100,
    trainerHoursPerMonth: 40,
  },
  protection: { deletionProtection: false, onRemoval: 'destroy' },
  operations: { logRetentionDays: 30 },
};
