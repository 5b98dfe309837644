/**
 * Actions that IAM knows, by service, as AWS's Service Authorization Reference lists them: what this project uses,
 * what lies beside it, and what turns a small permission into a large one.
 */
const BY_SERVICE: Readonly<Record<string, string>> = {
  sagemaker: `
    InvokeEndpoint InvokeEndpointAsync InvokeEndpointWithResponseStream CreateEndpoint
    UpdateEndpoint DeleteEndpoint DescribeEndpoint ListEndpoints CreateEndpointConfig
    DeleteEndpointConfig DescribeEndpointConfig UpdateEndpointWeightsAndCapacities CreateModel
    DeleteModel DescribeModel ListModels CreateTrainingJob StopTrainingJob DescribeTrainingJob
    CreateProcessingJob CreateTransformJob CreateNotebookInstance StartNotebookInstance
    StopNotebookInstance DeleteNotebookInstance UpdateNotebookInstance DescribeNotebookInstance
    CreatePresignedNotebookInstanceUrl CreatePresignedDomainUrl CreateDomain CreateUserProfile
    CreateModelPackage UpdateModelPackage CreatePipeline StartPipelineExecution AddTags ListTags
    Search
  `,
  s3: `
    GetObject GetObjectVersion GetObjectAcl GetObjectTagging PutObject PutObjectAcl
    PutObjectTagging DeleteObject DeleteObjectVersion AbortMultipartUpload
    ListMultipartUploadParts ListBucket ListBucketVersions ListAllMyBuckets CreateBucket
    DeleteBucket GetBucketLocation GetBucketPolicy PutBucketPolicy DeleteBucketPolicy
    PutBucketAcl PutBucketVersioning PutEncryptionConfiguration PutLifecycleConfiguration
    PutBucketPublicAccessBlock PutReplicationConfiguration BypassGovernanceRetention
    RestoreObject
  `,
  kms: `
    Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo
    CreateGrant ListGrants RevokeGrant DescribeKey GetKeyPolicy PutKeyPolicy CreateKey
    CreateAlias DisableKey EnableKey ScheduleKeyDeletion CancelKeyDeletion EnableKeyRotation Sign
    Verify
  `,
  iam: `
    PassRole CreateRole DeleteRole GetRole UpdateRole UpdateAssumeRolePolicy AttachRolePolicy
    DetachRolePolicy PutRolePolicy DeleteRolePolicy PutRolePermissionsBoundary
    DeleteRolePermissionsBoundary CreatePolicy CreatePolicyVersion SetDefaultPolicyVersion
    DeletePolicy CreateUser DeleteUser CreateAccessKey UpdateAccessKey DeleteAccessKey
    CreateLoginProfile UpdateLoginProfile AttachUserPolicy PutUserPolicy AddUserToGroup
    AttachGroupPolicy PutGroupPolicy CreateInstanceProfile AddRoleToInstanceProfile
    CreateServiceLinkedRole CreateOpenIDConnectProvider CreateSAMLProvider DeactivateMFADevice
    ListRoles ListUsers GetAccountAuthorizationDetails
  `,
  sts: `
    AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity TagSession SetSourceIdentity
    GetFederationToken GetSessionToken DecodeAuthorizationMessage
  `,
  lambda: `
    InvokeFunction InvokeFunctionUrl InvokeAsync CreateFunction UpdateFunctionCode
    UpdateFunctionConfiguration DeleteFunction GetFunction GetFunctionConfiguration AddPermission
    RemovePermission PublishVersion CreateAlias UpdateAlias CreateEventSourceMapping
    CreateFunctionUrlConfig UpdateFunctionUrlConfig PutFunctionConcurrency ListFunctions
    PublishLayerVersion
  `,
  logs: `
    CreateLogGroup DeleteLogGroup CreateLogStream DeleteLogStream DescribeLogGroups
    DescribeLogStreams PutLogEvents GetLogEvents FilterLogEvents StartQuery GetQueryResults
    PutRetentionPolicy DeleteRetentionPolicy PutSubscriptionFilter DeleteSubscriptionFilter
    PutMetricFilter PutResourcePolicy AssociateKmsKey DisassociateKmsKey CreateExportTask Unmask
  `,
  cloudwatch: `
    PutMetricData GetMetricData GetMetricStatistics ListMetrics DescribeAlarms PutMetricAlarm DeleteAlarms
    SetAlarmState DisableAlarmActions PutDashboard DeleteDashboards
  `,
  xray: `
    PutTraceSegments PutTelemetryRecords GetSamplingRules GetSamplingTargets BatchGetTraces
    GetTraceSummaries GetServiceGraph PutEncryptionConfig CreateSamplingRule
  `,
  secretsmanager: `
    GetSecretValue DescribeSecret PutSecretValue UpdateSecret DeleteSecret CreateSecret
    RotateSecret ListSecrets PutResourcePolicy BatchGetSecretValue
  `,
  ssm: `
    GetParameter GetParameters GetParametersByPath GetParameterHistory DescribeParameters
    PutParameter DeleteParameter SendCommand StartSession TerminateSession
    UpdateInstanceInformation CreateDocument StartAutomationExecution DescribeInstanceInformation
  `,
  ssmmessages: 'CreateControlChannel CreateDataChannel OpenControlChannel OpenDataChannel',
  ec2messages: 'GetMessages SendReply AcknowledgeMessage',
  ec2: `
    RunInstances StartInstances StopInstances TerminateInstances DescribeInstances
    ModifyInstanceAttribute AssociateIamInstanceProfile ReplaceIamInstanceProfileAssociation
    CreateVolume AttachVolume CreateSnapshot ModifySnapshotAttribute DescribeSnapshots
    CreateSecurityGroup AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress
    RevokeSecurityGroupIngress RevokeSecurityGroupEgress DeleteSecurityGroup
    DescribeSecurityGroups CreateRoute ReplaceRoute CreateVpc DeleteVpc CreateSubnet
    CreateNetworkInterface DescribeNetworkInterfaces DeleteNetworkInterface CreateFlowLogs
    DeleteFlowLogs CreateKeyPair ImportKeyPair GetPasswordData CreateVpcPeeringConnection
    ModifyVpcEndpoint AllocateAddress
  `,
  ecr: `
    GetAuthorizationToken BatchCheckLayerAvailability BatchGetImage GetDownloadUrlForLayer
    PutImage InitiateLayerUpload UploadLayerPart CompleteLayerUpload BatchDeleteImage
    CreateRepository DeleteRepository SetRepositoryPolicy DescribeImages BatchImportUpstreamImage
  `,
  eks: `
    DescribeCluster ListClusters CreateCluster DeleteCluster UpdateClusterConfig CreateNodegroup
    AccessKubernetesApi CreateAccessEntry AssociateAccessPolicy CreatePodIdentityAssociation
    DeletePodIdentityAssociation
  `,
  'eks-auth': 'AssumeRoleForPodIdentity',
  rds: `
    DescribeDBInstances ModifyDBInstance DeleteDBInstance CreateDBSnapshot
    ModifyDBSnapshotAttribute RestoreDBInstanceFromDBSnapshot RebootDBInstance CreateDBInstance
    DownloadDBLogFilePortion
  `,
  'rds-db': 'connect',
  sns: 'Publish Subscribe Unsubscribe CreateTopic DeleteTopic SetTopicAttributes AddPermission',
  sqs: 'SendMessage ReceiveMessage DeleteMessage CreateQueue PurgeQueue SetQueueAttributes',
  events: 'PutEvents PutRule PutTargets DeleteRule RemoveTargets',
  cloudformation: `
    CreateStack UpdateStack DeleteStack DescribeStacks ExecuteChangeSet CreateChangeSet
    SetStackPolicy
  `,
  cloudtrail: 'StopLogging DeleteTrail PutEventSelectors LookupEvents',
  'application-autoscaling': 'RegisterScalableTarget DeregisterScalableTarget PutScalingPolicy',
  elasticloadbalancing: 'ModifyListener ModifyRule RegisterTargets DeregisterTargets CreateLoadBalancer',
  dynamodb: 'GetItem PutItem Query Scan DeleteTable',
  states: 'StartExecution CreateStateMachine',
  codebuild: 'StartBuild CreateProject UpdateProject',
  organizations: 'LeaveOrganization DescribeOrganization',
  servicequotas: 'RequestServiceQuotaIncrease GetServiceQuota',
  budgets: 'ModifyBudget ViewBudget',
  route53: 'ChangeResourceRecordSets',
  acm: 'ExportCertificate DeleteCertificate',
  config: 'StopConfigurationRecorder DeleteConfigRule',
  guardduty: 'DeleteDetector UpdateDetector',
  bedrock: 'InvokeModel',
  athena: 'StartQueryExecution',
  glue: 'CreateJob StartJobRun',
};

/** All of them, as `service:Action`. */
export const ACTIONS: readonly string[] = Object.entries(BY_SERVICE).flatMap(([service, names]) =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `${service}:${name}`),
);
