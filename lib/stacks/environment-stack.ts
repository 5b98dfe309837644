import { Aws, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Environment } from '../config/environment';
import { ENVIRONMENT_TAG, environmentPrefix } from '../config/resource-names';

export interface EnvironmentStackProps extends StackProps {
  readonly environment: Environment;
}

/**
 * A stack of one environment, in the environment's account and region; where it names none, in those of the stage.
 * It knows its availability zones from the configuration, so synthesis looks nothing up.
 */
export class EnvironmentStack extends Stack {
  private readonly zones: readonly string[];

  constructor(scope: Construct, id: string, { environment, ...props }: EnvironmentStackProps) {
    super(scope, id, {
      stackName: `${environmentPrefix(environment.name)}-${id}`,
      tags: { [ENVIRONMENT_TAG]: environment.name },
      env: { account: environment.account, region: environment.region },
      ...props,
    });
    this.zones = environment.network.zones;
  }

  /** Zones of `network.zones` in whatever region the stack is deployed to: `a` is `us-east-1a` in us-east-1. */
  override get availabilityZones(): string[] {
    return this.zones.map((letter) => `${Aws.REGION}${letter}`);
  }
}
