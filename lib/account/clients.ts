import { ACMClient } from '@aws-sdk/client-acm';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECRClient } from '@aws-sdk/client-ecr';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { AccountClients } from './read-facts';

/** Everything that the account beside its quotas is read with. */
export interface AllAccountClients extends AccountClients {
  readonly cloudFormation: CloudFormationClient;
}

/** Clients on the standard credential chain, with the SDK's own retries. */
export function accountClients(region: string, profile?: string): AllAccountClients {
  const config = { region, credentials: fromNodeProviderChain({ profile, clientConfig: { region } }) };
  return {
    acm: new ACMClient(config),
    ec2: new EC2Client(config),
    ecr: new ECRClient(config),
    iam: new IAMClient(config),
    lambda: new LambdaClient(config),
    ssm: new SSMClient(config),
    cloudFormation: new CloudFormationClient(config),
  };
}
