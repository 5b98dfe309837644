import { type DeliveredEnvironment, isDelivered } from '../../../lib/config/delivery/delivered-environments';
import { type Environment, environmentSchema } from '../../../lib/config/environment';
import { dev } from '../../../lib/config/environments/dev';
import { staging } from '../../../lib/config/environments/staging';
import { DeliveryStack } from '../../../lib/stacks/delivery-stack';
import { planOf } from './environment-app';
import { ACCOUNT, type Deployed, permissionsOf } from './policies';
import { projectApp } from './serving-app';

export const REPOSITORY = 'example/mini-xdr-deploy';

const delivery = { repository: REPOSITORY };

/** Environments as shipped, which GitHub Actions deploys to one account. */
export const DELIVERED: readonly [DeliveredEnvironment, DeliveredEnvironment] = [
  deliveredFrom(environmentSchema.parse({ ...dev, account: ACCOUNT, delivery })),
  deliveredFrom(environmentSchema.parse({ ...staging, account: ACCOUNT, delivery })),
];

function deliveredFrom(environment: Environment): DeliveredEnvironment {
  if (isDelivered(environment)) return environment;
  throw new Error(`${environment.name} is not deployed by GitHub Actions`);
}

/** The account that they are deployed to, with every permission that lets GitHub Actions in. */
export function delivered(): Deployed {
  const app = projectApp();
  new DeliveryStack(app, { environments: DELIVERED });
  return permissionsOf(app, planOf(DELIVERED[0]), 'mini-xdr-');
}
