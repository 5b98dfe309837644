import { recordOf } from '../../../util/json';
import { ENDPOINT_CONFIG } from '../endpoint-resources';
import type { Rule } from '../sagemaker-rule';

/** Every endpoint configuration says whether detailed observability is on, because AWS's default has changed. */
export const statedObservability: Rule = {
  id: 'StatedObservability',
  types: [ENDPOINT_CONFIG],
  why: 'AWS turned detailed observability on by default for configurations made after 2026-06-17: what is not stated is decided there.',
  check: ({ properties }) => {
    const stated = recordOf(properties['MetricsConfig'])['EnableDetailedObservability'];
    if (typeof stated === 'boolean' || stated === 'true' || stated === 'false') return [];
    return [
      {
        key: 'EnableDetailedObservability',
        problem: 'The endpoint configuration does not say whether detailed observability is on.',
        fix: 'Set MetricsConfig.EnableDetailedObservability to true or false.',
      },
    ];
  },
};
