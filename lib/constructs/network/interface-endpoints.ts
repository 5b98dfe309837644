import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { InterfaceEndpoint } from '../../config/network/network-schema';
import { CLUSTER_SUBNETS } from './subnets';

export interface InterfaceEndpointsProps {
  readonly vpc: ec2.IVpc;
  /** Address block of the VPC, the only one that may connect. */
  readonly cidr: string;
  /** Services by the last part of their name; each costs by zone and hour. */
  readonly services: readonly InterfaceEndpoint[];
}

/** Private ways to AWS services, which admit HTTPS from inside the VPC and nothing else. */
export class InterfaceEndpoints extends Construct {
  constructor(scope: Construct, id: string, { vpc, cidr, services }: InterfaceEndpointsProps) {
    super(scope, id);
    if (services.length === 0) return;
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Interface endpoints: HTTPS from inside the VPC',
      allowAllOutbound: false,
    });
    securityGroup.addIngressRule(ec2.Peer.ipv4(cidr), ec2.Port.tcp(443), 'HTTPS from inside the VPC');
    for (const service of services) {
      vpc.addInterfaceEndpoint(service, {
        service: endpointService(service),
        subnets: CLUSTER_SUBNETS,
        securityGroups: [securityGroup],
        open: false,
      });
    }
  }
}

/** Every service is called `com.amazonaws.<region>.<service>`, except the one that serves notebooks. */
function endpointService(service: InterfaceEndpoint): ec2.IInterfaceVpcEndpointService {
  return service === 'notebook'
    ? ec2.InterfaceVpcEndpointAwsService.SAGEMAKER_NOTEBOOK
    : new ec2.InterfaceVpcEndpointAwsService(service);
}
