import { ENDPOINT_CONFIG, serverlessConcurrencyOf } from '../endpoint-resources';
import type { Rule } from '../sagemaker-rule';

/**
 * Serverless endpoints together stay inside the account's concurrency. The configurations that no longer fit, in
 * the order of the tree, are at fault.
 *
 * @param pool total concurrency that the app may reserve
 */
export function serverlessPool(pool: number): Rule {
  return {
    id: 'ServerlessPool',
    types: [ENDPOINT_CONFIG],
    why: 'MaxConcurrency is reserved, not shared: one endpoint can take the pool of the whole account.',
    check: (config, tree) => {
      const own = serverlessConcurrencyOf(config);
      const configs = tree.ofType(ENDPOINT_CONFIG);
      const upToThis = configs.slice(0, configs.findIndex(({ path }) => path === config.path) + 1);
      const needed = upToThis.map(serverlessConcurrencyOf).reduce((sum, value) => sum + value, 0);
      if (own === 0 || needed <= pool) return [];
      return [
        {
          key: `Concurrency::${needed}`,
          problem: `Serverless endpoints reserve a concurrency of ${needed} up to this one, ${needed - pool} over the pool of ${pool}.`,
          fix: 'Lower MaxConcurrency, host fewer endpoints serverless, or have the total concurrency quota raised.',
        },
      ];
    },
  };
}
