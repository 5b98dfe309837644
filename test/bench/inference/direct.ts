import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';

const client = new SageMakerRuntimeClient({});

/** The least that a caller can do: sends a body as it is to an endpoint, and takes the answer as text. */
export async function invokeDirectly(endpointName: string, body: string): Promise<string> {
  const { Body } = await client.send(
    new InvokeEndpointCommand({
      EndpointName: endpointName,
      ContentType: 'application/json',
      Accept: 'application/json',
      Body: body,
    }),
  );
  return Body.transformToString();
}
