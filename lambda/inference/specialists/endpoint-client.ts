import type { Specialist } from '../../../models/catalogue';
import type { PredictionResponse } from '../../../models/runtime/prediction-response';
import type { EndpointRoute } from '../inference-configuration';
import type { Deadline } from './deadline';
import type { InvokeEndpoint } from './invoke-endpoint';
import { ResiliencePolicy } from './resilience-policy';
import type { Flows } from '../api/flows';
import { payloadsOf } from './payloads';

/** Parts of a batch as one answer, in order. While an endpoint is updated they may come from two versions: both are named. */
function joined(parts: readonly PredictionResponse[]): PredictionResponse {
  const [first] = parts;
  if (first === undefined) throw new Error('a batch has at least one part');
  const versions = new Set(parts.map(({ model }) => model.version));
  return {
    model: {
      ...first.model,
      version: [...versions].join(' and '),
      reference: parts.some(({ model }) => model.reference),
    },
    predictions: parts.flatMap(({ predictions }) => predictions),
  };
}

/** Asks specialists through their endpoints, each behind a guard of its own; splits what is too large for one request. */
export class EndpointClient {
  private readonly guards = new Map<string, ResiliencePolicy>();

  /** @param random 0 to 1, for the jitter between tries */
  constructor(
    private readonly invoke: InvokeEndpoint,
    private readonly random: () => number,
  ) {}

  /** The guard of an endpoint: specialists on one endpoint share it. */
  guardOf(endpointName: string): ResiliencePolicy {
    const known = this.guards.get(endpointName);
    if (known !== undefined) return known;
    const guard = new ResiliencePolicy(this.random);
    this.guards.set(endpointName, guard);
    return guard;
  }

  /**
   * Asks about rows, in the order of the model's features.
   *
   * @throws Failure when any part of the batch is not answered
   */
  async ask(
    route: EndpointRoute,
    specialist: Specialist,
    flows: Flows,
    deadline: Deadline,
  ): Promise<PredictionResponse> {
    const guard = this.guardOf(route.endpointName);
    const payloads = payloadsOf(flows, route.maxPayloadBytes);
    const rest = new AbortController();
    const parts = payloads.map((payload) =>
      guard.run(
        (signal) => this.invoke(route, specialist, payload, signal),
        deadline,
        route.patienceMs,
        rest.signal,
      ),
    );
    try {
      return joined(await Promise.all(parts));
    } finally {
      // One part that fails makes the others worthless.
      rest.abort();
      await Promise.allSettled(parts);
    }
  }
}
