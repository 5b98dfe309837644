import { UserError } from '../util/user-error';
import type { DeploymentPlan } from '../plan/deployment-plan';
import type { Increase } from '../plan/demand/quota-increases';
import { type QuotaKey, quotaDefinition, quotaKey } from '../quotas/quota-catalogue';
import { capOf } from './request-caps';

/** How an increase comes about. */
export type Filing =
  /** A request to Service Quotas. */
  | { readonly way: 'service-quotas' }
  /** Service Quotas does not list the limit: a person asks AWS Support. */
  | { readonly way: 'support'; readonly reason: string }
  /** AWS grants no such value. */
  | { readonly way: 'none'; readonly reason: string };

/** An increase that a plan needs, ready to be asked for. */
export interface Proposal {
  readonly key: QuotaKey;
  readonly service: string;
  readonly code: string;
  readonly name: string;
  /** Limit that the plan rests on. */
  readonly from: number;
  /** Value to ask for: what others hold and the plan needs, with the stated headroom on the plan's need alone. */
  readonly desired: number;
  /** For AWS Support, which may ask; a request itself has no field for it. */
  readonly justification: string;
  readonly filing: Filing;
}

export interface ProposalOptions {
  /** What to ask for beyond the plan's own need, in percent of that need. @default 0 */
  readonly headroomPercent?: number;
}

/** Above this the figure would no longer be the plan's. */
const MAX_HEADROOM_PERCENT = 100;

function filingOf(key: QuotaKey, needed: number, cap: number | undefined): Filing {
  const { adjustable, listed } = quotaDefinition(key);
  if (cap !== undefined && needed > cap) {
    return { way: 'none', reason: `AWS grants at most ${cap}, ${needed} are needed: change the plan` };
  }
  if (!adjustable) return { way: 'none', reason: 'AWS does not adjust it: change the plan' };
  if (!listed) return { way: 'support', reason: 'Service Quotas does not list it: open a support case' };
  return { way: 'service-quotas' };
}

function propose(plan: DeploymentPlan, increase: Increase, headroomPercent: number): Proposal {
  const key = quotaKey(increase);
  const { service, code, name, from } = increase;
  const { environment, target } = plan;
  const row = plan.ledger.find((entry) => quotaKey(entry) === key);
  const needed = Math.ceil(increase.to);
  const own = increase.to - (row?.usedByOthers ?? 0);
  const cap = capOf(key, target.region);
  const withHeadroom = Math.ceil(increase.to + (own * headroomPercent) / 100);
  // A cap trims the headroom; what the plan needs is never trimmed, as less would unlock nothing.
  const desired = Math.max(needed, Math.min(withHeadroom, cap ?? withHeadroom));
  const headroom = desired > needed ? `; ${desired - needed} of headroom (${headroomPercent} %)` : '';
  return {
    key,
    service,
    code,
    name,
    from,
    desired,
    justification: `Mini-XDR ${environment.name} in ${target.region}: ${name} from ${from} to ${desired} for ${increase.unlocks}. ${increase.justification}${headroom}.`,
    filing: filingOf(key, needed, cap),
  };
}

/**
 * What to ask AWS for so that a plan can be deployed and updated: its own increases, with a stated headroom.
 *
 * @throws UserError for a headroom that is no percentage from 0 to 100
 */
export function proposeIncreases(
  plan: DeploymentPlan,
  { headroomPercent = 0 }: ProposalOptions = {},
): Proposal[] {
  if (!(headroomPercent >= 0 && headroomPercent <= MAX_HEADROOM_PERCENT)) {
    throw new UserError(
      `headroom: ${headroomPercent} is not a percentage from 0 to ${MAX_HEADROOM_PERCENT}; it counts on top of what the plan needs`,
    );
  }
  return plan.increases.map((increase) => propose(plan, increase, headroomPercent));
}

/** Quotas of which a plan cannot tell whether it needs more, because limit or usage could not be read. */
export function undeterminedQuotas(plan: DeploymentPlan): string[] {
  return plan.ledger.filter(({ verdict }) => verdict === 'unknown').map(quotaKey);
}
