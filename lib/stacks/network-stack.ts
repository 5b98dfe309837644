import type { Construct } from 'constructs';
import { Network } from '../constructs/network/network';
import { EnvironmentStack, type EnvironmentStackProps } from './environment-stack';

/** The VPC that every other stack lives in. */
export class NetworkStack extends EnvironmentStack {
  readonly network: Network;

  constructor(scope: Construct, id: string, props: EnvironmentStackProps) {
    super(scope, id, props);
    this.network = new Network(this, 'Network', { environment: props.environment });
  }
}
