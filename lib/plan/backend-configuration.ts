import { SPECIALIST_EDGE, type Specialist } from '../../models/catalogue';
import type { DeploymentPlan } from './deployment-plan';

/** One specialist as the backend's configuration names it. */
interface BackendEndpoint {
  readonly endpoint_name: string;
  readonly target_model?: string;
  readonly model_type: Specialist;
  readonly threat_types: readonly string[];
}

/** The backend's `sagemaker_endpoints.json`. */
export interface BackendConfiguration {
  readonly enabled: boolean;
  readonly deployment_type: string;
  readonly region: string;
  readonly endpoints: Readonly<Record<string, BackendEndpoint>>;
  readonly fallback: {
    readonly enabled: boolean;
    readonly use_local_lstm: boolean;
    readonly use_enhanced_detector: boolean;
  };
  readonly cost_tracking: {
    readonly monthly_budget_usd: number;
    readonly current_monthly_cost: number;
  };
}

/**
 * The backend's configuration, generated from the plan.
 *
 * @param targetModel key of a specialist's artifact where its endpoint serves several, else undefined
 */
export function backendConfiguration(
  plan: DeploymentPlan,
  targetModel: (specialist: Specialist) => string | undefined,
): BackendConfiguration {
  const { endpoints } = plan.topology;
  const modes = new Set(endpoints.map(({ mode }) => mode));
  const [onlyMode = 'embedded'] = modes;
  return {
    enabled: endpoints.length > 0,
    deployment_type: modes.size > 1 ? 'mixed' : onlyMode,
    region: plan.target.region,
    endpoints: Object.fromEntries(
      endpoints.flatMap(({ name, mode, specialists }) =>
        specialists.map((specialist) => {
          const { backendKey, threatTypes } = SPECIALIST_EDGE[specialist];
          const target = mode === 'shared' ? targetModel(specialist) : undefined;
          return [
            backendKey,
            {
              endpoint_name: name,
              ...(target === undefined ? {} : { target_model: target }),
              model_type: specialist,
              threat_types: threatTypes,
            },
          ];
        }),
      ),
    ),
    fallback: { enabled: true, use_local_lstm: true, use_enhanced_detector: true },
    cost_tracking: {
      monthly_budget_usd: plan.environment.budget.monthlyUsd,
      current_monthly_cost: plan.cost.total.expected,
    },
  };
}
