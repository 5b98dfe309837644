import { Match } from 'aws-cdk-lib/assertions';
import { infrastructureWith, onlyOne, propertiesOf } from '../support/stacks/infrastructure';

const INSTANCE = 'AWS::RDS::DBInstance';

describe('the database', () => {
  const { data, platform } = infrastructureWith();
  const instance = onlyOne(data, INSTANCE);

  it('keeps its logical id and its name, so that no deployment can swap it for an empty one', () => {
    expect(Object.keys(data.findResources(INSTANCE))).toEqual(['DatabaseInstanceAA8A5FDE']);
    expect(instance['DBInstanceIdentifier']).toBe('mini-xdr-dev');
  });

  it('is private, in the data subnets', () => {
    expect(instance['PubliclyAccessible']).toBe(false);
    const subnets = onlyOne(data, 'AWS::RDS::DBSubnetGroup')['SubnetIds'] as unknown[];
    expect(subnets).toHaveLength(2);
    for (const subnet of subnets) expect(JSON.stringify(subnet)).toContain('DataSubnet');
  });

  it('admits nodes and pods of the workloads on its own port and nobody else, and reaches nothing itself', () => {
    const { SecurityGroupIngress, SecurityGroupEgress } = onlyOne(data, 'AWS::EC2::SecurityGroup');
    const admitted = Object.values(propertiesOf(platform, 'AWS::EC2::SecurityGroupIngress')).filter(
      ({ Description }) => Description === 'From the workloads',
    );

    expect(SecurityGroupIngress).toBeUndefined();
    data.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    expect(admitted).toEqual([
      {
        GroupId: { 'Fn::ImportValue': expect.stringContaining('DatabaseSecurityGroup') },
        SourceSecurityGroupId: { 'Fn::GetAtt': [expect.stringMatching(/^ClusterWorkloads/), 'GroupId'] },
        IpProtocol: 'tcp',
        FromPort: 5433,
        ToPort: 5433,
        Description: 'From the workloads',
      },
    ]);
    expect(SecurityGroupEgress).toEqual([expect.objectContaining({ CidrIp: '255.255.255.255/32' })]);
    expect(instance['Port']).toBe('5433');
  });

  it('has settings of its own: TLS and salted passwords only, connections and slow statements logged', () => {
    const [[id, group]] = Object.entries(propertiesOf(data, 'AWS::RDS::DBParameterGroup')) as [
      [string, Record<string, unknown>],
    ];

    expect(instance['DBParameterGroupName']).toEqual({ Ref: id });
    expect(group).toMatchObject({
      Family: 'postgres17',
      Parameters: {
        'rds.force_ssl': '1',
        password_encryption: 'scram-sha-256',
        log_connections: '1',
        log_disconnections: '1',
        log_min_duration_statement: '1000',
      },
    });
    expect(group).not.toHaveProperty('DBParameterGroupName');
  });

  it('runs the minor version that the template says, and RDS moves it to no other', () => {
    expect(instance['Engine']).toBe('postgres');
    expect(instance['EngineVersion']).toMatch(/^17\.\d+$/);
    expect(instance['AutoMinorVersionUpgrade']).toBe(false);
  });

  it('says itself what cannot change without replacing it, and leaves none of that to defaults', () => {
    // CloudFormation reference of AWS::RDS::DBInstance, "Update requires: Replacement", as far as they apply here.
    expect(instance).toMatchObject({
      DBInstanceIdentifier: 'mini-xdr-dev',
      DBName: 'mini_xdr',
      MasterUsername: 'xdr_admin',
      StorageEncrypted: true,
      KmsKeyId: expect.anything() as unknown,
      DBSubnetGroupName: expect.anything() as unknown,
    });
    for (const replacing of ['AvailabilityZone', 'CharacterSetName', 'DBSnapshotIdentifier', 'Timezone']) {
      expect(instance).not.toHaveProperty(replacing);
    }
  });

  it('is encrypted with its customer key: storage, secret, insights and logs', () => {
    const key = { 'Fn::GetAtt': [expect.stringMatching(/^DatabaseKey/), 'Arn'] };

    expect(instance).toMatchObject({
      StorageEncrypted: true,
      KmsKeyId: key,
      MasterUserSecret: { KmsKeyId: key },
      PerformanceInsightsKMSKeyId: key,
    });
    data.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: Match.anyValue(), RetentionInDays: 30 });
  });

  it('leaves the master password to RDS: none is in the template', () => {
    expect(instance['ManageMasterUserPassword']).toBe(true);
    expect(instance).not.toHaveProperty('MasterUserPassword');
    data.resourceCountIs('AWS::SecretsManager::Secret', 0);
  });

  it('writes its exported logs into groups that exist before it', () => {
    const names = Object.values(propertiesOf(data, 'AWS::Logs::LogGroup')).map(
      ({ LogGroupName }) => LogGroupName,
    );

    expect(instance['EnableCloudwatchLogsExports']).toEqual(['postgresql', 'upgrade']);
    expect(names).toEqual(['postgresql', 'upgrade'].map((log) => `/aws/rds/instance/mini-xdr-dev/${log}`));
    data.hasResource(INSTANCE, { DependsOn: Object.keys(data.findResources('AWS::Logs::LogGroup')) });
  });

  it('lets a reader of the credentials read those of this instance only', () => {
    const tag = 'aws:ResourceTag/aws:rds:primaryDBInstanceArn';
    const instanceArn = { 'Fn::Join': ['', Match.arrayWith([':db:mini-xdr-dev'])] };

    data.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Action: 'rds:DescribeDBInstances', Resource: instanceArn }),
          Match.objectLike({
            Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
            Condition: { StringEquals: { [tag]: instanceArn } },
          }),
          Match.objectLike({
            Action: 'kms:Decrypt',
            Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com' } },
          }),
        ],
      },
    });
  });

  it('is monitored by a role that RDS may use for this instance only', () => {
    data.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'monitoring.rds.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: { 'aws:SourceArn': { 'Fn::Join': ['', Match.arrayWith([':db:mini-xdr-dev'])] } },
            },
          }),
        ],
      },
      ManagedPolicyArns: Match.absent(),
    });
    expect(instance['MonitoringInterval']).toBe(60);
  });

  it('is made after the permissions of that role, which RDS checks: they are part of the role', () => {
    const role = (instance['MonitoringRoleArn'] as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0];

    expect(propertiesOf(data, 'AWS::IAM::Role')[role]).toMatchObject({
      Policies: [
        {
          PolicyDocument: {
            Statement: [{ Action: expect.arrayContaining(['logs:CreateLogGroup', 'logs:PutLogEvents']) }],
          },
        },
      ],
    });
    data.resourceCountIs('AWS::IAM::Policy', 0);
  });

  it.each([
    ['destroy', 'Delete', 'Delete', true],
    ['snapshot', 'Snapshot', 'Snapshot', false],
    ['retain', 'RetainExceptOnCreate', 'Retain', false],
  ] as const)('on %s is removed by %s, and replaced by %s', (onRemoval, policy, replaced, backupsGo) => {
    const { data: changed } = infrastructureWith({
      protection: { onRemoval, deletionProtection: !backupsGo },
    });

    changed.hasResource(INSTANCE, {
      DeletionPolicy: policy,
      UpdateReplacePolicy: replaced,
      Properties: { DeleteAutomatedBackups: backupsGo, DeletionProtection: !backupsGo },
    });
  });

  it.each([
    ['destroy', 'Delete'],
    ['snapshot', 'Delete'],
    ['retain', 'RetainExceptOnCreate'],
  ] as const)('on %s is outlived by no group that it needs, and outlives none', (onRemoval, policy) => {
    const { data: changed } = infrastructureWith({
      protection: { onRemoval, deletionProtection: false },
    });

    for (const type of ['AWS::RDS::DBParameterGroup', 'AWS::RDS::DBSubnetGroup', 'AWS::EC2::SecurityGroup']) {
      for (const [id, { DeletionPolicy = 'Delete' }] of Object.entries(changed.findResources(type))) {
        expect(`${id} ${String(DeletionPolicy)}`).toBe(`${id} ${policy}`);
      }
    }
  });

  it('is changed at once, and not in its maintenance window: nothing says otherwise', () => {
    // CloudFormation reference of AWS::RDS::DBInstance, ApplyImmediately: the default is true.
    expect(instance).not.toHaveProperty('ApplyImmediately');
    expect(instance['PreferredMaintenanceWindow']).toBe('sun:07:00-sun:08:00');
  });

  it('does not grow where the configuration names no maximum', () => {
    const { data: fixed } = infrastructureWith({ database: { maxStorageGb: undefined } });
    expect(onlyOne(fixed, INSTANCE)).not.toHaveProperty('MaxAllocatedStorage');
  });

  it('takes size, zones, backups, windows and what counts as slow from the configuration', () => {
    const { data: changed } = infrastructureWith({
      database: {
        instanceType: 'db.m8g.large',
        storageGb: 250,
        maxStorageGb: 500,
        multiAz: true,
        backupDays: 21,
        backupWindow: '22:30-23:15',
        maintenanceWindow: 'mon:01:00-mon:01:30',
        slowStatementMs: -1,
      },
    });

    expect(onlyOne(changed, INSTANCE)).toMatchObject({
      DBInstanceClass: 'db.m8g.large',
      AllocatedStorage: '250',
      MaxAllocatedStorage: 500,
      MultiAZ: true,
      BackupRetentionPeriod: 21,
      PreferredBackupWindow: '22:30-23:15',
      PreferredMaintenanceWindow: 'mon:01:00-mon:01:30',
    });
    expect(onlyOne(changed, 'AWS::RDS::DBParameterGroup')['Parameters']).toMatchObject({
      log_min_duration_statement: '-1',
    });
  });
});
