import { GB, GB_MONTH, HOUR, SECOND } from './measures';
import type { PriceQuery } from './price-query';

const instance = (type: string): PriceQuery => ({
  key: `ec2.${type}`,
  service: 'AmazonEC2',
  filters: {
    productFamily: 'Compute Instance',
    instanceType: type,
    operatingSystem: 'Linux',
    tenancy: 'Shared',
    preInstalledSw: 'NA',
    capacitystatus: 'Used',
  },
  usageType: `BoxUsage:${type}`,
  ...HOUR,
  confidence: 'sure',
});

/** The fee on top of the instance. The attribute is spelt in small letters, unlike that of every other service. */
const autoMode = (type: string): PriceQuery => ({
  key: `eks.autoMode.${type}`,
  service: 'AmazonEKS',
  filters: { operation: 'EKSAutoUsage', instancetype: type },
  ...HOUR,
  confidence: 'likely',
});

const POSTGRES = { databaseEngine: 'PostgreSQL', deploymentOption: 'Single-AZ' } as const;

const database = (type: string): PriceQuery => ({
  key: `rds.${type}`,
  service: 'AmazonRDS',
  filters: { productFamily: 'Database Instance', instanceType: type, ...POSTGRES },
  usageType: `InstanceUsage:${type}`,
  ...HOUR,
  confidence: 'sure',
});

/** The usage type tells WAF from its classic version, and from what Shield Advanced covers. */
const webAcl = (key: string, usageType: string, units: readonly string[]): PriceQuery => ({
  key: `waf.${key}`,
  service: 'awswaf',
  filters: { productFamily: 'Web Application Firewall' },
  usageType,
  units,
  unit: 'month',
  confidence: 'likely',
});

const NETWORK: readonly PriceQuery[] = [
  {
    key: 'elb.alb',
    service: 'AWSELB',
    filters: { productFamily: 'Load Balancer-Application' },
    usageType: 'LoadBalancerUsage',
    ...HOUR,
    confidence: 'sure',
  },
  {
    key: 'elb.lcu',
    service: 'AWSELB',
    filters: { productFamily: 'Load Balancer-Application' },
    usageType: 'LCUUsage',
    units: ['LCU-Hrs', 'LCU-Hours'],
    unit: 'hour',
    confidence: 'sure',
  },
  webAcl('webAcl', 'WebACLV2', ['ACL', 'ACLs', 'WebACL', 'Month', 'Months']),
  webAcl('rule', 'RuleV2', ['Rule', 'Rules', 'Month', 'Months']),
  { ...webAcl('requests', 'RequestV2-Tier1', ['Request', 'Requests']), unit: 'million', per: 1e6 },
  {
    key: 'vpc.nat',
    service: 'AmazonEC2',
    // The family also holds regional gateways, and provisioned ones whose data is free.
    filters: { productFamily: 'NAT Gateway' },
    usageType: 'NatGateway-Hours',
    ...HOUR,
    confidence: 'sure',
  },
  {
    key: 'vpc.natData',
    service: 'AmazonEC2',
    filters: { productFamily: 'NAT Gateway' },
    usageType: 'NatGateway-Bytes',
    ...GB,
    confidence: 'sure',
  },
  {
    key: 'vpc.interfaceEndpoint',
    service: 'AmazonVPC',
    filters: { productFamily: 'VpcEndpoint' },
    usageType: 'VpcEndpoint-Hours',
    ...HOUR,
    unit: 'zone-hour',
    confidence: 'sure',
  },
  {
    key: 'vpc.publicIpv4',
    service: 'AmazonVPC',
    // Products without a family.
    filters: { group: 'VPCPublicIPv4Address' },
    usageType: 'PublicIPv4:InUseAddress',
    ...HOUR,
    confidence: 'sure',
  },
];

const FUNCTIONS: readonly PriceQuery[] = [
  {
    key: 'lambda.requests',
    service: 'AWSLambda',
    filters: { productFamily: 'Serverless', group: 'AWS-Lambda-Requests' },
    usageType: 'Request',
    units: ['Requests', 'Request'],
    unit: 'million',
    per: 1e6,
    confidence: 'sure',
  },
  {
    key: 'lambda.arm',
    service: 'AWSLambda',
    filters: { productFamily: 'Serverless', group: 'AWS-Lambda-Duration-ARM' },
    usageType: 'Lambda-GB-Second-ARM',
    units: ['Lambda-GB-Second', ...SECOND.units],
    unit: 'GB-second',
    confidence: 'sure',
  },
];

const KEEPING: readonly PriceQuery[] = [
  {
    key: 'kms.key',
    service: 'awskms',
    filters: { productFamily: 'Encryption Key' },
    usageType: 'KMS-Keys',
    units: ['Keys', 'Key'],
    unit: 'month',
    confidence: 'sure',
  },
  {
    key: 'secretsmanager.secret',
    service: 'AWSSecretsManager',
    filters: { productFamily: 'Secret' },
    usageType: 'AWSSecretsManager-Secrets',
    units: ['Secrets', 'Secret'],
    unit: 'month',
    confidence: 'sure',
  },
  {
    key: 'logs.ingest',
    service: 'AmazonCloudWatch',
    filters: { productFamily: 'Data Payload' },
    usageType: 'DataProcessing-Bytes',
    ...GB,
    confidence: 'sure',
  },
  {
    // What AWS services write of themselves. The first tier counts, which ends at 10 TB.
    key: 'logs.vended',
    service: 'AmazonCloudWatch',
    filters: { productFamily: 'Data Payload' },
    usageType: 'VendedLog-Bytes',
    ...GB,
    confidence: 'sure',
  },
  {
    key: 'logs.storage',
    service: 'AmazonCloudWatch',
    filters: { productFamily: 'Storage Snapshot' },
    usageType: 'TimedStorage-ByteHrs',
    ...GB_MONTH,
    confidence: 'sure',
  },
  {
    key: 'cloudwatch.alarm',
    service: 'AmazonCloudWatch',
    filters: { productFamily: 'Alarm' },
    usageType: 'CW:AlarmMonitorUsage',
    units: ['Alarms', 'Alarm'],
    unit: 'month',
    confidence: 'sure',
  },
  {
    key: 'cloudwatch.metric',
    service: 'AmazonCloudWatch',
    // The first tier counts, which ends at ten thousand metrics.
    filters: { productFamily: 'Metric' },
    usageType: 'CW:MetricMonitorUsage',
    units: ['Metrics', 'Metric'],
    unit: 'month',
    confidence: 'sure',
  },
  {
    key: 'cloudwatch.observation',
    service: 'AmazonCloudWatch',
    // Nobody has seen its family; the usage type is exact. The first tier counts, which ends at a thousand millions.
    filters: {},
    usageType: 'CW:ObservationUsage',
    units: ['Observations', 'Observation'],
    unit: 'million',
    per: 1e6,
    confidence: 'likely',
  },
  {
    key: 'xray.trace',
    service: 'AWSXRay',
    // Its products differ in their families from region to region; the usage type is exact.
    filters: {},
    usageType: 'XRay-TracesStored',
    units: ['Traces', 'Trace'],
    unit: 'million',
    per: 1e6,
    confidence: 'likely',
  },
  {
    key: 's3.put',
    service: 'AmazonS3',
    filters: { productFamily: 'API Request', group: 'S3-API-Tier1' },
    usageType: 'Requests-Tier1',
    units: ['Requests', 'Request'],
    unit: 'million',
    per: 1e6,
    confidence: 'likely',
  },
  {
    key: 'ebs.gp3',
    service: 'AmazonEC2',
    filters: { productFamily: 'Storage', volumeApiName: 'gp3' },
    usageType: 'EBS:VolumeUsage.gp3',
    ...GB_MONTH,
    confidence: 'sure',
  },
  {
    key: 's3.standard',
    service: 'AmazonS3',
    filters: { productFamily: 'Storage', volumeType: 'Standard' },
    usageType: 'TimedStorage-ByteHrs',
    ...GB_MONTH,
    confidence: 'sure',
  },
  {
    key: 'ecr.storage',
    service: 'AmazonECR',
    filters: { productFamily: 'EC2 Container Registry' },
    usageType: 'TimedStorage-ByteHrs',
    ...GB_MONTH,
    confidence: 'sure',
  },
];

/** Prices of what runs around the models: instances, cluster, database, network, function, keys, logs and storage. */
export const PLATFORM_QUERIES: readonly PriceQuery[] = [
  ...['m5.large', 'm5.xlarge', 't3.medium', 't3.large'].map(instance),
  {
    key: 'eks.cluster',
    service: 'AmazonEKS',
    filters: { operation: 'CreateOperation' },
    usageType: 'AmazonEKS-Hours:perCluster',
    ...HOUR,
    confidence: 'sure',
  },
  autoMode('m5.large'),
  ...['db.t4g.micro', 'db.t4g.small'].map(database),
  {
    key: 'rds.gp3',
    service: 'AmazonRDS',
    filters: { productFamily: 'Database Storage', volumeType: 'General Purpose-GP3', ...POSTGRES },
    usageType: 'RDS:GP3-Storage',
    ...GB_MONTH,
    confidence: 'sure',
  },
  ...NETWORK,
  ...FUNCTIONS,
  ...KEEPING,
];
