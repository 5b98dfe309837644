import { QUOTA } from './quota-catalogue';
import type { Draw, TypeCoverage, UnreadLimit } from './coverage';

const draws = (first: Draw, ...rest: Draw[]): TypeCoverage => ({ kind: 'quota', draws: [first, ...rest] });

const far = (reason: string, first: UnreadLimit, ...rest: UnreadLimit[]): TypeCoverage => ({
  kind: 'far',
  limits: [first, ...rest],
  reason,
});

const unlimited = (reason: string): TypeCoverage => ({ kind: 'unlimited', reason });

const each = 'one each';

/**
 * Every resource type of every template, with the limits it draws on. Defaults of far limits are AWS's of 2024
 * (Service Quotas and the services' own pages of endpoints and quotas), for comparison only.
 */
export const COVERAGE: Readonly<Record<string, TypeCoverage>> = {
  'AWS::ApplicationAutoScaling::ScalableTarget': draws({ quota: QUOTA.scalableTargets, how: each }),
  'AWS::ApplicationAutoScaling::ScalingPolicy': far('one to each scalable target, which takes 50', {
    name: 'scaling policies per scalable target',
    default: 50,
  }),
  'AWS::Budgets::Budget': far('one to an environment', { name: 'budgets per account', default: 20000 }),
  'AWS::CloudWatch::Alarm': far('at most some dozens to an environment', {
    name: 'metric alarms per Region',
    default: 5000,
  }),
  'AWS::CloudWatch::Dashboard': unlimited('AWS sets no number of dashboards, only of widgets on each'),
  'AWS::EC2::EIP': draws({ quota: QUOTA.elasticIps, how: each }),
  'AWS::EC2::FlowLog': unlimited('two to each resource, and the VPC is the environment’s own'),
  'AWS::EC2::Instance': draws({ quota: QUOTA.standardVcpus, how: 'the vCPUs of its type' }),
  'AWS::EC2::InternetGateway': draws({ quota: QUOTA.internetGateways, how: each }),
  'AWS::EC2::NatGateway': draws({ quota: QUOTA.natGatewaysPerZone, how: 'one each in its zone' }),
  'AWS::EC2::Route': far('few, in route tables of the environment’s own', {
    name: 'routes per route table',
    default: 50,
  }),
  'AWS::EC2::RouteTable': far('in a VPC of the environment’s own', {
    name: 'route tables per VPC',
    default: 200,
  }),
  'AWS::EC2::SecurityGroup': far('fewer than ten to an environment', {
    name: 'security groups per Region',
    default: 2500,
  }),
  'AWS::EC2::SecurityGroupEgress': far('a rule for each port, counted with those of its security group', {
    name: 'outbound rules per security group',
    default: 60,
  }),
  'AWS::EC2::SecurityGroupIngress': far('a rule for each port, counted with those of its security group', {
    name: 'inbound rules per security group',
    default: 60,
  }),
  'AWS::EC2::Subnet': far('in a VPC of the environment’s own', { name: 'subnets per VPC', default: 200 }),
  'AWS::EC2::SubnetRouteTableAssociation': unlimited('a part of its subnet'),
  'AWS::EC2::VPC': draws({ quota: QUOTA.vpcs, how: 'one each, beside the default VPC' }),
  'AWS::EC2::VPCEndpoint': draws(
    { quota: QUOTA.gatewayEndpoints, how: 'one each of type Gateway' },
    { quota: QUOTA.interfaceEndpointsPerVpc, how: 'one each of type Interface, counted in each VPC' },
  ),
  'AWS::EC2::VPCGatewayAttachment': unlimited('one to its VPC'),
  'AWS::ECR::Repository': far('three to an environment', {
    name: 'registered repositories per Region',
    default: 10000,
  }),
  'AWS::EKS::AccessEntry': unlimited('few, in a cluster of the environment’s own'),
  'AWS::EKS::Addon': {
    ...unlimited('one, on a cluster of the environment’s own'),
    onlyWith: 'platform.workloads.images',
  },
  'AWS::EKS::Cluster': draws(
    { quota: QUOTA.eksClusters, how: each },
    { quota: QUOTA.standardVcpus, how: 'the nodes that Auto Mode starts, platform.peakNodeVcpus' },
  ),
  'AWS::EKS::PodIdentityAssociation': unlimited('two, in a cluster of the environment’s own'),
  'AWS::ElasticLoadBalancingV2::Listener': {
    ...far('one, on a load balancer of the environment’s own', {
      name: 'listeners per Application Load Balancer',
      default: 50,
    }),
    onlyWith: 'platform.certificateArn',
  },
  'AWS::ElasticLoadBalancingV2::ListenerRule': {
    ...far('few, on a load balancer of the environment’s own', {
      name: 'rules per Application Load Balancer',
      default: 100,
    }),
    onlyWith: 'platform.certificateArn',
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': draws({ quota: QUOTA.loadBalancers, how: each }),
  'AWS::ElasticLoadBalancingV2::TargetGroup': draws({ quota: QUOTA.targetGroups, how: each }),
  'AWS::Events::Rule': far('one to each endpoint, one to the database, one where drift is looked at', {
    name: 'rules per event bus',
    default: 300,
  }),
  'AWS::IAM::InstanceProfile': far('at most one to an environment', {
    name: 'instance profiles per account',
    default: 1000,
  }),
  'AWS::IAM::ManagedPolicy': far('at most a few to an environment', {
    name: 'customer managed policies per account',
    default: 1500,
  }),
  'AWS::IAM::Policy': unlimited('a part of its role; AWS limits its length, not the number'),
  'AWS::IAM::Role': far('fewer than twenty to an environment; check it in an account shared by many teams', {
    name: 'roles per account',
    default: 1000,
  }),
  'AWS::KMS::Alias': far('one to each key', { name: 'aliases per key', default: 50 }),
  'AWS::KMS::Key': draws({ quota: QUOTA.kmsKeys, how: each }),
  'AWS::Lambda::Function': {
    kind: 'account',
    findings: ['lambda-concurrency-floor', 'function-package-too-large'],
    reason:
      'the number of functions has no limit; traffic, not the function, takes concurrency, and none is reserved',
  },
  'AWS::Lambda::LayerVersion': far('a few MB to an environment', {
    name: 'GB of function and layer storage per Region',
    default: 75,
  }),
  'AWS::Lambda::Url': unlimited('a part of its function'),
  'AWS::Logs::LogGroup': far('about ten to an environment', {
    name: 'log groups per Region',
    default: 1000000,
  }),
  'AWS::Logs::ResourcePolicy': {
    ...far('one to an environment; check it in an account where many services write logs', {
      name: 'resource policies per Region',
      default: 10,
    }),
    onlyWith: 'platform.loadBalancer.internetFacing',
  },
  'AWS::RDS::DBInstance': draws(
    { quota: QUOTA.dbInstances, how: each },
    { quota: QUOTA.dbStorageGb, how: 'its allocated storage in GB' },
  ),
  'AWS::RDS::DBParameterGroup': far(
    'one to an environment; check it in an account with many databases of their own settings',
    { name: 'parameter groups per Region', default: 50 },
  ),
  'AWS::RDS::DBSubnetGroup': far(
    'one to an environment; check it in an account with many VPCs that hold databases',
    { name: 'DB subnet groups per Region', default: 50 },
  ),
  'AWS::S3::Bucket': far(
    'two to an environment; the limit is the account’s in all Regions together, and 100 before late 2024',
    { name: 'general purpose buckets per account', default: 10000 },
  ),
  'AWS::S3::BucketPolicy': unlimited('a part of its bucket'),
  'AWS::SNS::Subscription': {
    ...far('one, on a topic of the environment’s own', {
      name: 'subscriptions per topic',
      default: 12500000,
    }),
    onlyWith: 'operations.alarmEmail',
  },
  'AWS::SNS::Topic': far('one to an environment', { name: 'topics per account', default: 100000 }),
  'AWS::SNS::TopicPolicy': unlimited('a part of its topic'),
  'AWS::SSM::Parameter': far('one to an environment', {
    name: 'standard parameters per Region',
    default: 10000,
  }),
  'AWS::SageMaker::Endpoint': draws(
    { quota: QUOTA.endpointInstances, how: 'its instances, scaled out and while it is updated' },
    { quota: 'endpoint-type', how: 'its instances, scaled out and while it is updated' },
    { quota: QUOTA.instancesPerEndpoint, how: 'its instances, scaled out' },
    { quota: QUOTA.serverlessEndpoints, how: 'one each where it is serverless' },
    { quota: QUOTA.serverlessConcurrency, how: 'the MaxConcurrency of its variant' },
    { quota: QUOTA.serverlessMemory, how: 'the MemorySizeInMB of its variant' },
    { quota: QUOTA.provisionedConcurrency, how: 'the ProvisionedConcurrency of its variant' },
  ),
  'AWS::SageMaker::EndpointConfig': unlimited(
    'a description; Service Quotas lists no number of them, and what it describes counts at its endpoint',
  ),
  'AWS::SageMaker::Model': {
    kind: 'account',
    findings: ['artifact-too-large', 'image-too-large'],
    reason: 'Service Quotas lists no number of models; the sizes of image and artifact are limited',
  },
  'AWS::SageMaker::NotebookInstance': draws(
    { quota: QUOTA.notebooks, how: each },
    { quota: 'notebook-type', how: each },
  ),
  'AWS::SageMaker::NotebookInstanceLifecycleConfig': unlimited('a script; Service Quotas lists no number'),
  'AWS::WAFv2::LoggingConfiguration': {
    ...unlimited('a part of its web ACL'),
    onlyWith: 'platform.loadBalancer.internetFacing',
  },
  'AWS::WAFv2::WebACL': {
    ...far('one to an environment', { name: 'web ACLs per Region', default: 100 }),
    onlyWith: 'platform.loadBalancer.internetFacing',
  },
  'AWS::WAFv2::WebACLAssociation': {
    ...unlimited('a part of its web ACL'),
    onlyWith: 'platform.loadBalancer.internetFacing',
  },
  'AWS::CDK::Metadata': {
    ...unlimited('nothing in the account: a note in the template'),
    onlyWith: 'a synthesis by the command line',
  },
  'Custom::AWSCDK-EKS-KubernetesObjectValue': {
    ...unlimited('a call of a function that stands in the template'),
    onlyWith: 'platform.workloads.images',
  },
  'Custom::AWSCDK-EKS-KubernetesResource': {
    ...unlimited('a call of a function that stands in the template'),
    onlyWith: 'platform.workloads.images',
  },
  'Custom::CDKBucketDeployment': {
    kind: 'account',
    findings: ['artifact-too-large'],
    reason: 'it unpacks artifacts on the disk of its function, which the function’s own entry counts',
  },
  'Custom::S3AutoDeleteObjects': unlimited('a call of a function that stands in the template'),
  'Custom::VpcRestrictDefaultSG': unlimited('a call of a function that stands in the template'),
};
