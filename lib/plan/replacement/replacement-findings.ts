import { SPECIALISTS, inCanonicalOrder } from '../../../models/catalogue';
import { quotaDefinition, quotaKey } from '../../quotas/quota-catalogue';
import type { Candidate } from '../candidates/candidate';
import { cents } from '../cost/monthly-cost';
import { type DeployedEndpoint, movedBy } from './existing-deployment';
import { type Decision, restricted } from '../decision';
import { type Finding, finding } from '../findings';
import type { LedgerRow } from '../demand/quota-ledger';
import { fitting, room } from '../search/objective';
import { besideWhatRuns, leaving, movesOf } from './plan-replacement';
import { search } from '../search/search';

const LAMBDA = 'the inside of the inference Lambda';

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** Where a selection puts what it moves. */
function destination(chosen: readonly Candidate[], running: DeployedEndpoint): string {
  const moving = chosen.filter((candidate) => movedBy(candidate, running).length > 0);
  return listed([...new Set(moving.map(({ endpoint }) => endpoint?.name ?? LAMBDA))]);
}

const movedNames = (chosen: readonly Candidate[], running: DeployedEndpoint): string =>
  inCanonicalOrder(chosen.flatMap((candidate) => movedBy(candidate, running))).join(', ');

/** One finding for every new home of specialists, with the endpoints that served them. */
function moves(chosen: readonly Candidate[], running: DeployedEndpoint): Finding[] {
  return chosen.flatMap((candidate) => {
    const moved = movedBy(candidate, running);
    if (moved.length === 0) return [];
    const from = [...running.served].flatMap(([name, served]) =>
      served.some((specialist) => moved.includes(specialist)) ? [name] : [],
    );
    if (moved.some((name) => !running.hosted.has(name))) from.push(LAMBDA);
    return [
      finding('moves-specialists', {
        specialists: moved.join(', '),
        from: listed(from),
        to: candidate.endpoint?.name ?? LAMBDA,
        counted: running.held.size > 0 ? 'counted' : 'not known',
      }),
    ];
  });
}

/** Quotas that fit otherwise, and have no room for old and new endpoints side by side. */
function blocked({ chosen, limits, running }: Decision, rows: readonly LedgerRow[]): Finding[] {
  if (running === undefined) return [];
  const needs = besideWhatRuns(chosen, limits.platform, running);
  const replaced = leaving(chosen, running);
  return rows.flatMap((row) => {
    const quota = quotaKey(row);
    const needed = needs.get(quota);
    const { name, limit, usedByOthers: others, verdict } = row;
    if (needed === undefined || limit === null || others === null || needed <= limit - others) return [];
    if (verdict === 'blocked') return [];
    return [
      finding('replacement-exceeds-quota', {
        quota,
        name,
        limit,
        others,
        needed,
        replaced: replaced.join(', '),
      }),
    ];
  });
}

/** What would be chosen if nothing ran. */
function atLiberty({ input, limits, options }: Decision): readonly Candidate[] {
  const { modes } = input.environment.hosting;
  const candidates = restricted(options, ({ mode }) => modes.includes(mode));
  const evaluate = fitting(limits, 'refuse');
  return search({ specialists: SPECIALISTS, candidates, evaluate })?.chosen ?? [];
}

const usdOf = (chosen: readonly Candidate[]): number =>
  cents(chosen.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0));
const embeddedIn = (chosen: readonly Candidate[]): number =>
  chosen.filter(({ endpoint }) => endpoint === undefined).length;

function gainOf(better: readonly Candidate[], chosen: readonly Candidate[]): string {
  const hosted = embeddedIn(chosen) - embeddedIn(better);
  const saving = cents(usdOf(chosen) - usdOf(better));
  if (hosted > 0) return `host ${hosted} more on SageMaker`;
  return saving > 0 ? `save ${saving.toFixed(2)} USD a month` : 'leave room for updates';
}

/** Says of a better plan that was not taken what it would bring, and what stands against it. */
function kept(decision: Decision, running: DeployedEndpoint): Finding[] {
  const { selected, limits, fits } = decision;
  if (!fits) return [];
  const better = atLiberty(decision);
  if (better.every((candidate) => selected.includes(candidate))) return [];
  const specialists = movedNames(better, running);
  const to = destination(better, running);
  for (const [key, needed] of besideWhatRuns(better, limits.platform, running)) {
    const left = room(limits.read, key);
    if (left === undefined || needed <= left) continue;
    const { name } = quotaDefinition(key);
    const gain = gainOf(better, selected);
    return [finding('better-plan-out-of-reach', { specialists, to, gain, quota: key, name, needed, left })];
  }
  const savingUsd = cents(usdOf(selected) - usdOf(better));
  if (savingUsd <= 0) return [];
  const moved = movesOf(better, running) - movesOf(selected, running);
  const { thresholdUsd } = running;
  return [finding('kept-running-plan', { savingUsd, thresholdUsd, moved, specialists, to })];
}

/**
 * What is to be said of a plan for an environment that runs another one: what moves, what cannot stand beside what
 * runs, and which better plan was not taken.
 *
 * @param rows the ledger without what a replacement needs
 */
export function replacementFindings(decision: Decision, rows: readonly LedgerRow[]): Finding[] {
  const { running, chosen } = decision;
  if (running === undefined) return [];
  return [...blocked(decision, rows), ...moves(chosen, running), ...kept(decision, running)];
}
