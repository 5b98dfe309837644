import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DeliveredEnvironment } from '../config/delivery/delivered-environments';
import { DeployRole } from '../constructs/delivery/deploy-role';
import { githubProvider } from '../constructs/delivery/github-provider';
import { DELIVERY_STACK } from '../config/resource-names';

export interface DeliveryStackProps {
  /** The environments of one account that GitHub Actions deploys: one at least. */
  readonly environments: readonly [DeliveredEnvironment, ...DeliveredEnvironment[]];
}

/**
 * How GitHub Actions gets into an account: its identity provider, and a role for each environment. It is no part of an
 * environment, as an account has one provider, and as a deployment must not change the role that it runs with. What it
 * holds knows no region; it stands in that of the first environment.
 */
export class DeliveryStack extends Stack {
  constructor(scope: Construct, { environments }: DeliveryStackProps) {
    const [{ account, region, delivery }] = environments;
    super(scope, DELIVERY_STACK, { stackName: DELIVERY_STACK, env: { account, region } });
    const provider = githubProvider(this, 'Provider', delivery.provider);
    for (const environment of environments) new DeployRole(this, environment.name, { environment, provider });
  }
}
