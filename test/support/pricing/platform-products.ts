import { type Prefixes, type Row, old, other } from './price-row';

/** EC2 and EKS, with other tenancies, systems and fees. */
export function computeRows(prefixes: Prefixes): Row[] {
  const linux = { operatingSystem: 'Linux', tenancy: 'Shared', preInstalledSw: 'NA', capacitystatus: 'Used' };
  const ec2 = (type: string, usage: string, attributes: object, price: string | number): Row => ({
    service: 'AmazonEC2',
    family: 'Compute Instance',
    attributes: { instanceType: type, ...linux, ...old(prefixes, `${usage}:${type}`), ...attributes },
    unit: 'Hrs',
    price,
  });
  const eks = (usage: string, attributes: object, price: string | number): Row => ({
    service: 'AmazonEKS',
    family: 'Compute',
    attributes: { ...other(prefixes, usage), ...attributes },
    unit: 'Hours',
    price,
  });
  return [
    ...['m5.large', 'm5.xlarge', 't3.medium', 't3.large'].flatMap((type) => [
      ec2(type, 'BoxUsage', {}, `ec2.${type}`),
      ec2(type, 'DedicatedUsage', { tenancy: 'Dedicated' }, 9),
      ec2(type, 'BoxUsage', { operatingSystem: 'Windows' }, 8),
      ec2(type, 'UnusedBox', { capacitystatus: 'UnusedCapacityReservation' }, 7),
    ]),
    eks('AmazonEKS-Hours:perCluster', { operation: 'CreateOperation' }, 'eks.cluster'),
    eks('AmazonEKS-Hours:extendedSupport', { operation: 'ExtendedSupport' }, 0.5),
    eks('AmazonEKS-Local-Outposts-Hours:perCluster', { operation: 'CreateOperation' }, 0.1),
    eks(
      'EKS-Auto:m5.large',
      { operation: 'EKSAutoUsage', eksproducttype: 'AutoMode', instancetype: 'm5.large' },
      'eks.autoMode.m5.large',
    ),
    eks(
      'EKS-Auto:m5.xlarge',
      { operation: 'EKSAutoUsage', eksproducttype: 'AutoMode', instancetype: 'm5.xlarge' },
      0.02304,
    ),
  ];
}

/** RDS, with other engines and several zones. */
export function databaseRows(prefixes: Prefixes): Row[] {
  const rds = (
    family: string,
    usage: string,
    attributes: Readonly<Record<string, string>>,
    price: string | number,
  ): Row => ({
    service: 'AmazonRDS',
    family,
    attributes: {
      databaseEngine: 'PostgreSQL',
      deploymentOption: 'Single-AZ',
      ...old(prefixes, usage),
      ...attributes,
    },
    unit: family === 'Database Storage' ? 'GB-Mo' : 'Hrs',
    price,
  });
  const gp3 = { volumeType: 'General Purpose-GP3' };
  return [
    ...['db.t4g.micro', 'db.t4g.small'].flatMap((type) => [
      rds('Database Instance', `InstanceUsage:${type}`, { instanceType: type }, `rds.${type}`),
      rds('Database Instance', `InstanceUsage:${type}`, { instanceType: type, databaseEngine: 'Oracle' }, 5),
      rds(
        'Database Instance',
        `Multi-AZUsage:${type}`,
        { instanceType: type, deploymentOption: 'Multi-AZ' },
        4,
      ),
    ]),
    rds('Database Storage', 'RDS:GP3-Storage', gp3, 'rds.gp3'),
    rds('Database Storage', 'RDS:Multi-AZ-GP3-Storage', { ...gp3, deploymentOption: 'Multi-AZ' }, 0.23),
  ];
}

/** Load balancers, gateways, endpoints and addresses, with their relatives. */
export function networkRows(prefixes: Prefixes): Row[] {
  const row = (
    service: string,
    family: string | undefined,
    unit: string,
    attributes: Readonly<Record<string, string>>,
    price: string | number,
  ): Row => ({ service, ...(family === undefined ? {} : { family }), unit, attributes, price });
  const alb = 'Load Balancer-Application';
  const ipv4 = { group: 'VPCPublicIPv4Address' };
  const waf = 'Web Application Firewall';
  return [
    row('AWSELB', alb, 'Hrs', old(prefixes, 'LoadBalancerUsage'), 'elb.alb'),
    row('AWSELB', alb, 'LCU-Hrs', old(prefixes, 'LCUUsage'), 'elb.lcu'),
    row('AWSELB', alb, 'Hrs', old(prefixes, 'TS-LoadBalancerUsage'), 0.0056),
    row('AWSELB', alb, 'LCU-Hrs', old(prefixes, 'ReservedLCUUsage'), 0.0057),
    row('AWSELB', alb, 'Hrs', old(prefixes, 'Outposts-LoadBalancerUsage'), 0.006),
    row('AWSELB', 'Load Balancer-Network', 'Hrs', old(prefixes, 'LoadBalancerUsage'), 0.3),
    row('awswaf', waf, 'Month', other(prefixes, 'WebACLV2'), 'waf.webAcl'),
    row('awswaf', waf, 'Month', other(prefixes, 'RuleV2'), 'waf.rule'),
    { ...row('awswaf', waf, 'Request', other(prefixes, 'RequestV2-Tier1'), 'waf.requests'), per: 1e6 },
    row('awswaf', waf, 'Month', other(prefixes, 'ShieldProtected-WebACLV2'), 0.1),
    row('awswaf', waf, 'Month', other(prefixes, 'WebACL'), 4),
    row('AmazonEC2', 'NAT Gateway', 'Hrs', old(prefixes, 'NatGateway-Hours'), 'vpc.nat'),
    row('AmazonEC2', 'NAT Gateway', 'GB', old(prefixes, 'NatGateway-Bytes'), 'vpc.natData'),
    row('AmazonEC2', 'NAT Gateway', 'GB', old(prefixes, 'NatGateway-Prvd-Bytes'), 0),
    row('AmazonEC2', 'NAT Gateway', 'Hrs', old(prefixes, 'RegionalNatGateway-Hours'), 0.9),
    row('AmazonVPC', 'VpcEndpoint', 'Hrs', other(prefixes, 'VpcEndpoint-Hours'), 'vpc.interfaceEndpoint'),
    row('AmazonVPC', 'VpcEndpoint', 'Hrs', other(prefixes, 'VpcEndpoint-GWLBE-Hours'), 0.0125),
    row(
      'AmazonVPC',
      undefined,
      'Hrs',
      { ...ipv4, ...other(prefixes, 'PublicIPv4:InUseAddress') },
      'vpc.publicIpv4',
    ),
    row('AmazonVPC', undefined, 'Hrs', { ...ipv4, ...other(prefixes, 'PublicIPv4:ContiguousBlock') }, 0.008),
  ];
}

/** Functions, keys, secrets, logs, alarms, metrics, traces and storage, with their relatives. */
export function serviceRows(region: string, prefixes: Prefixes): Row[] {
  const row = (
    service: string,
    family: string,
    unit: string,
    attributes: Readonly<Record<string, string>>,
    price: string | number,
    per = 1,
  ): Row => ({ service, family, unit, attributes, price, per });
  const requests = { group: 'AWS-Lambda-Requests' };
  const arm = { group: 'AWS-Lambda-Duration-ARM' };
  const kms = (name: string) => ({ usagetype: `${region}-${name}` });
  return [
    row(
      'AWSLambda',
      'Serverless',
      'Requests',
      { ...requests, ...old(prefixes, 'Request') },
      'lambda.requests',
      1e6,
    ),
    row('AWSLambda', 'Serverless', 'Requests', { ...requests, usagetype: 'Global-Request' }, 0),
    row(
      'AWSLambda',
      'Serverless',
      'Lambda-GB-Second',
      { ...arm, ...old(prefixes, 'Lambda-GB-Second-ARM') },
      'lambda.arm',
    ),
    row(
      'AWSLambda',
      'Serverless',
      'Lambda-GB-Second',
      { ...arm, ...old(prefixes, 'Lambda-Provisioned-GB-Second-ARM') },
      0.001,
    ),
    row('awskms', 'Encryption Key', 'Keys', kms('KMS-Keys'), 'kms.key'),
    row(
      'AWSSecretsManager',
      'Secret',
      'Secrets',
      other(prefixes, 'AWSSecretsManager-Secrets'),
      'secretsmanager.secret',
    ),
    row('AmazonCloudWatch', 'Data Payload', 'GB', other(prefixes, 'DataProcessing-Bytes'), 'logs.ingest'),
    row('AmazonCloudWatch', 'Data Payload', 'GB', other(prefixes, 'DataProcessingIA-Bytes'), 0.25),
    row('AmazonCloudWatch', 'Data Payload', 'GB', other(prefixes, 'VendedLog-Bytes'), 'logs.vended'),
    row('AmazonCloudWatch', 'Data Payload', 'GB', other(prefixes, 'VendedLogIA-Bytes'), 0.25),
    row(
      'AmazonCloudWatch',
      'Storage Snapshot',
      'GB-Mo',
      old(prefixes, 'TimedStorage-ByteHrs'),
      'logs.storage',
    ),
    row('AmazonCloudWatch', 'Storage Snapshot', 'GB-Mo', old(prefixes, 'TimedStorage-IA-ByteHrs'), 0.02),
    row('AmazonCloudWatch', 'Alarm', 'Alarms', old(prefixes, 'CW:AlarmMonitorUsage'), 'cloudwatch.alarm'),
    row('AmazonCloudWatch', 'Alarm', 'Alarms', old(prefixes, 'CW:HighResAlarmMonitorUsage'), 0.3),
    row('AmazonCloudWatch', 'Metric', 'Metrics', old(prefixes, 'CW:MetricMonitorUsage'), 'cloudwatch.metric'),
    row('AmazonCloudWatch', 'Metric', 'Metrics', old(prefixes, 'CW:MetricStreamUsage'), 0.003),
    row(
      'AmazonCloudWatch',
      'Metric',
      'Observations',
      old(prefixes, 'CW:ObservationUsage'),
      'cloudwatch.observation',
      1e6,
    ),
    row('AWSXRay', 'AWS X-Ray', 'Traces', old(prefixes, 'XRay-TracesStored'), 'xray.trace', 1e6),
    row('AWSXRay', 'AWS X-Ray', 'Traces', { usagetype: 'Global-XRay-TracesStored' }, 0),
    row('AWSXRay', 'AWS X-Ray', 'Traces', old(prefixes, 'XRay-TracesAccessed'), 0.0000005),
    row(
      'AmazonS3',
      'API Request',
      'Requests',
      { group: 'S3-API-Tier1', ...old(prefixes, 'Requests-Tier1') },
      's3.put',
      1e6,
    ),
    row(
      'AmazonS3',
      'API Request',
      'Requests',
      { group: 'S3-API-SIA-Tier1', ...old(prefixes, 'Requests-SIA-Tier1') },
      0.00001,
    ),
    row(
      'AmazonEC2',
      'Storage',
      'GB-Mo',
      { volumeApiName: 'gp3', ...old(prefixes, 'EBS:VolumeUsage.gp3') },
      'ebs.gp3',
    ),
    row(
      'AmazonEC2',
      'Storage',
      'GB-Mo',
      { volumeApiName: 'gp2', ...old(prefixes, 'EBS:VolumeUsage.gp2') },
      0.1,
    ),
    row(
      'AmazonS3',
      'Storage',
      'GB-Mo',
      { volumeType: 'Standard', ...old(prefixes, 'TimedStorage-ByteHrs') },
      's3.standard',
    ),
    row('AmazonECR', 'EC2 Container Registry', 'GB-Mo', old(prefixes, 'TimedStorage-ByteHrs'), 'ecr.storage'),
  ];
}
