import { HEALTH_PATHS, PORTS } from '../../config/workloads/workload-names';

/** Where a workload listens, and what says that it is well: load balancer and probes ask the same. */
export interface WorkloadPort {
  /** TCP port of the pods. */
  readonly port: number;
  /** Path that answers 200 without credentials once the pod can serve. */
  readonly healthPath: string;
}

/** The backend's API. */
export const BACKEND: WorkloadPort = { port: PORTS.backend, healthPath: HEALTH_PATHS.backend };

/** The web interface. */
export const FRONTEND: WorkloadPort = { port: PORTS.frontend, healthPath: HEALTH_PATHS.frontend };
