import { Stack } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';

export interface EndpointConfigurationProps {
  readonly environment: Environment;
  /** The backend's `sagemaker_endpoints.json`; at most 8 KB as text. */
  readonly document: object;
}

/**
 * The backend's `sagemaker_endpoints.json` in an SSM parameter, `/mini-xdr/<environment>/sagemaker-endpoints`.
 * It names endpoints and holds nothing secret. SSM moves it to the advanced tier by itself beyond 4 KB.
 */
export class EndpointConfiguration extends ssm.StringParameter {
  constructor(scope: Construct, id: string, { environment, document }: EndpointConfigurationProps) {
    super(scope, id, {
      parameterName: `/mini-xdr/${environment.name}/sagemaker-endpoints`,
      description: 'sagemaker_endpoints.json of the backend, generated from the deployment plan',
      stringValue: Stack.of(scope).toJsonString(document),
      tier: ssm.ParameterTier.INTELLIGENT_TIERING,
    });
  }
}
