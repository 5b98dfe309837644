import type { Specialist } from '../../../models/catalogue';
import type { PredictionResponse } from '../../../models/runtime/prediction-response';
import type { AskEmbedded, ModelResult } from './model-result';
import type { InferenceConfiguration } from '../inference-configuration';
import type { Contracts, ModelMetadata, Variant } from '../model-metadata';
import type { Deadline } from './deadline';
import type { EndpointClient } from './endpoint-client';
import { differences, variantFor } from './experiment';
import { Failure } from '../api/failure';
import { type Flows, orderedFor } from '../api/flows';

/**
 * Time kept for the function to answer itself when an endpoint does not. Opening the first model takes most of it:
 * 2.4 s of CPU (measured on x86-64, 2026-11-30), which take 8.3 s at 512 MB, where a function has 0.29 of a vCPU.
 */
const FALLBACK_MS = 10_000;

/** Of little time, a third is kept. */
const FALLBACK_SHARE = 1 / 3;

/** How long an answer waits for the shadow copy, which nobody but the metrics reads. */
const SHADOW_MS = 250;

/** What became of a shadow copy: rows on which it differs, or undefined when it did not answer. */
export type ShadowOutcome = number | undefined;

export interface SpecialistClientParts {
  readonly configuration: InferenceConfiguration;
  readonly contracts: Contracts;
  readonly endpoints: EndpointClient;
  /** Absent in a bundle without models. */
  readonly embedded?: AskEmbedded | undefined;
  /** Hears what became of each shadow copy. */
  readonly onShadow: (specialist: Specialist, differing: ShadowOutcome) => void;
}

/** Asks one specialist: by the version that the caller's key meets, at its endpoint or, failing that, in the function. */
export class SpecialistClient {
  constructor(private readonly parts: SpecialistClientParts) {}

  /**
   * What the bundle knows of a specialist's model.
   *
   * @throws Failure `not_deployed`
   */
  known(specialist: Specialist): ModelMetadata {
    const known = this.parts.contracts.champion[specialist];
    if (known === undefined || this.parts.configuration.routes[specialist] === undefined) {
      throw new Failure('not_deployed', `the specialist ${specialist} is not deployed here`);
    }
    return known;
  }

  /**
   * Asks a specialist about rows.
   *
   * @param key of the caller, which decides between two versions
   * @throws Failure when nobody could answer, or the rows do not fit the model
   */
  async ask(specialist: Specialist, flows: Flows, deadline: Deadline, key: string): Promise<ModelResult> {
    const trial = this.parts.configuration.challengers[specialist];
    if (trial !== undefined && variantFor(key, specialist, trial.share) === 'challenger') {
      const challenged = await this.challenger(specialist, flows);
      if (challenged !== undefined) return challenged;
    }
    const asked = await this.champion(specialist, flows, deadline);
    if (trial?.shadow === true) await this.shadow(asked, flows, deadline);
    return asked;
  }

  private async champion(specialist: Specialist, flows: Flows, deadline: Deadline): Promise<ModelResult> {
    const known = this.known(specialist);
    const fitting = orderedFor(flows, known.features);
    if (fitting === undefined) {
      throw new Failure('invalid_request', `${specialist} takes other features than these rows have`);
    }
    const base = { specialist, known, variant: 'champion' as const };
    const route = this.parts.configuration.routes[specialist];
    if (route === undefined || 'embedded' in route) {
      const response = await this.inside(specialist, 'champion', fitting);
      return { ...base, response, servedBy: 'embedded', degraded: false };
    }
    const canFallBack = this.parts.configuration.fallback && this.parts.embedded !== undefined;
    const keptMs = canFallBack ? Math.min(FALLBACK_MS, deadline.leftMs() * FALLBACK_SHARE) : 0;
    try {
      const asked = this.parts.endpoints.ask(route, specialist, fitting, deadline.earlierBy(keptMs));
      return { ...base, response: await asked, servedBy: 'endpoint', degraded: false };
    } catch (error) {
      if (!canFallBack || !(error instanceof Failure) || error.isRefusal) throw error;
      const response = await this.instead(error, specialist, fitting);
      return { ...base, response, servedBy: 'embedded', degraded: true, cause: error.reason };
    }
  }

  /** Answers in place of an endpoint; what kept the endpoint from it goes to the log when that fails, too. */
  private async instead(cause: Failure, specialist: Specialist, flows: Flows): Promise<PredictionResponse> {
    try {
      return await this.inside(specialist, 'champion', flows);
    } catch (error) {
      if (error instanceof Failure && error.isRefusal) throw error;
      const logged = `${cause.reason}, then ${(error as Failure).reason}`;
      throw new Failure('unavailable', 'the model is not available', [], logged);
    }
  }

  private async inside(specialist: Specialist, variant: Variant, flows: Flows): Promise<PredictionResponse> {
    const { embedded } = this.parts;
    if (embedded === undefined) throw new Failure('internal', 'the request failed', [], 'NoModelInBundle');
    return embedded(specialist, variant, flows);
  }

  /** The version on trial; undefined where it cannot answer, which leaves the request to the champion. */
  private async challenger(specialist: Specialist, flows: Flows): Promise<ModelResult | undefined> {
    const known = this.parts.contracts.challenger[specialist];
    const fitting = known === undefined ? undefined : orderedFor(flows, known.features);
    if (known === undefined || fitting === undefined) return undefined;
    try {
      const response = await this.inside(specialist, 'challenger', fitting);
      return { specialist, known, variant: 'challenger', response, servedBy: 'embedded', degraded: false };
    } catch {
      return undefined;
    }
  }

  private async shadow(asked: ModelResult, flows: Flows, deadline: Deadline): Promise<void> {
    const { specialist, response } = asked;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((done) => {
      const waitMs = Math.max(0, Math.min(SHADOW_MS, deadline.leftMs()));
      timer = setTimeout(() => done(undefined), waitMs);
    });
    const copy = await Promise.race([this.challenger(specialist, flows), late]);
    clearTimeout(timer);
    this.parts.onShadow(specialist, copy && differences(response.predictions, copy.response.predictions));
  }
}
