import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { MOST_ZONES } from '../../config/network/network-schema';
import type { Environment } from '../../config/environment';
import { FlowLog } from './flow-log';
import { InterfaceEndpoints } from './interface-endpoints';
import { s3EndpointStatements } from './s3-endpoint-policy';
import { NAT_SUBNETS, subnetsFor } from './subnets';

export interface NetworkProps {
  readonly environment: Environment;
}

/**
 * A VPC in the configured zones with flow logs and private ways to S3 and the configured services.
 *
 * With NAT gateways it has public subnets for them alone, private subnets that reach out through them, and isolated
 * ones for data. Without, the private subnets are isolated too. Apart from NAT gateways, only an internet-facing load
 * balancer has public subnets.
 */
export class Network extends Construct {
  readonly vpc: ec2.Vpc;

  constructor(scope: Construct, id: string, { environment }: NetworkProps) {
    super(scope, id);
    const { cidr, zones, natGateways, interfaceEndpoints } = environment.network;
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr(cidr),
      maxAzs: zones.length,
      reservedAzs: MOST_ZONES - zones.length,
      natGateways,
      natGatewaySubnets: natGateways > 0 ? NAT_SUBNETS : undefined,
      subnetConfiguration: subnetsFor(environment),
      restrictDefaultSecurityGroup: true,
    });
    const toS3 = this.vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    for (const statement of s3EndpointStatements(this)) toS3.addToPolicy(statement);
    new FlowLog(this, 'FlowLog', { environment, vpc: this.vpc });
    new InterfaceEndpoints(this, 'Endpoints', { vpc: this.vpc, cidr, services: interfaceEndpoints });
  }
}
