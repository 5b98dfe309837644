import type { TypeRule } from './replacement-rule';

/** What stateful resources are built on: replaced at no loss of its own, yet it takes along what refers to it. */
export const SUPPORT: Readonly<Record<string, TypeRule>> = {
  'AWS::EC2::SecurityGroup': { replaces: ['GroupDescription', 'GroupName', 'VpcId'], name: 'GroupName' },
  'AWS::IAM::Role': { replaces: ['Path', 'RoleName'], name: 'RoleName' },
  'AWS::Lambda::Function': {
    replaces: ['FunctionName', 'PackageType', 'TenancyConfig'],
    name: 'FunctionName',
  },
  'AWS::Lambda::Alias': { replaces: ['FunctionName', 'Name'], name: 'Name' },
  'AWS::RDS::DBParameterGroup': {
    replaces: ['DBParameterGroupName', 'Description', 'Family'],
    name: 'DBParameterGroupName',
  },
  'AWS::RDS::DBSubnetGroup': { replaces: ['DBSubnetGroupName'], name: 'DBSubnetGroupName' },
  // A change makes a new one and keeps the one before, which a rolled-back endpoint runs on. They hold nothing.
  'AWS::SageMaker::EndpointConfig': {
    replaces: [
      'AsyncInferenceConfig',
      'DataCaptureConfig',
      'EnableNetworkIsolation',
      'EndpointConfigName',
      'ExecutionRoleArn',
      'ExplainerConfig',
      'KmsKeyId',
      'MetricsConfig',
      'ProductionVariants',
      'ShadowProductionVariants',
      'VpcConfig',
    ],
    name: 'EndpointConfigName',
  },
  'AWS::SageMaker::Model': {
    replaces: [
      'Containers',
      'EnableNetworkIsolation',
      'ExecutionRoleArn',
      'InferenceExecutionConfig',
      'ModelName',
      'PrimaryContainer',
      'VpcConfig',
    ],
    name: 'ModelName',
  },
};
