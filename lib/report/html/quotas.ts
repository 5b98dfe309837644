import type { Report } from '../schema';
import {
  byUrgency,
  hasAmpleRoom,
  highestNeed,
  limitWithOrigin,
  othersWithOrigin,
  shortfall,
  units,
} from '../words';
import { barOf } from './bar';
import { badge } from './badge';
import { type Content, type Html, html } from './tag';

type Quota = Report['quotas'][number];

/** The row in words: what the bar shows, for who does not see it. */
function sentence(quota: Quota): string {
  const { usedByOthers, steady, peak, updatePeak } = quota;
  return [
    `${quota.name}: limit ${quota.limit === null ? 'unknown' : units(quota.limit)}`,
    `others use ${usedByOthers === null ? 'an unknown number' : units(usedByOthers)}`,
    `this environment ${units(steady)} at average load, ${units(peak)} at peak, ${units(updatePeak)} while updating`,
    quota.headroom === null ? 'unknown whether it fits' : `${units(quota.headroom)} left`,
  ].join('; ');
}

function quotaBar(quota: Quota): Html {
  const { limit, usedByOthers, steady, peak, updatePeak } = quota;
  const total = (usedByOthers ?? 0) + highestNeed(quota);
  return barOf({
    label: sentence(quota),
    start: usedByOthers ?? 0,
    lanes: [
      { value: steady, tone: 'steady' },
      { value: peak, tone: 'peak' },
      { value: updatePeak, tone: 'update' },
    ],
    ...(limit === null ? {} : { limit }),
    // Without a limit there is no full width: what is needed takes half of it, the rest stays open.
    scale: limit === null ? total * 2 : Math.max(limit, total),
    unknown: limit === null || usedByOthers === null,
  });
}

function figure(term: string, value: string, tone?: string): Html {
  const mark = tone === undefined ? undefined : html`<i class="swatch ${tone}" aria-hidden="true"></i>`;
  return html`<div>
    <dt>${mark}${term}</dt>
    <dd>${value}</dd>
  </div>`;
}

const orUnknown = (value: number | null): string => (value === null ? 'unknown' : units(value));

function quotaItem(quota: Quota): Html {
  const short = shortfall(quota);
  return html`<li class="quota">
    <div class="title">
      <h3>${quota.name}</h3>
      ${badge(quota.verdict)}
    </div>
    <p class="code">${quota.service}/${quota.code}</p>
    ${quotaBar(quota)}
    <dl class="figures">
      ${figure('Limit', quota.limit === null ? 'unknown' : limitWithOrigin(quota))}${figure(
        'Others',
        quota.usedByOthers === null ? 'unknown' : othersWithOrigin(quota),
        'others',
      )}${figure('Average', units(quota.steady), 'steady')}${figure('Peak', units(quota.peak), 'peak')}${figure(
        'Updating',
        units(quota.updatePeak),
        'update',
      )}${figure('Left', orUnknown(quota.headroom))}
    </dl>
    ${short !== undefined && html`<p class="short">${short}.</p>`}
  </li> `;
}

function list(quotas: readonly Quota[]): Content {
  return (
    quotas.length > 0 &&
    html`<ul class="plain">
      ${byUrgency(quotas).map(quotaItem)}
    </ul>`
  );
}

/** Every quota that the environment draws on; those with ample room are folded away. */
export function quotasSection(report: Report): Html {
  const ample = report.quotas.filter(hasAmpleRoom);
  const tight = report.quotas.filter((quota) => !hasAmpleRoom(quota));
  const fit =
    ample.length === 1 ? 'quota fits with at least half its' : 'quotas fit with at least half their';
  return html`<section aria-labelledby="quotas">
    <h2 id="quotas">Quotas</h2>
    <p class="hint">
      A bar ends at the limit; where more is needed, a line marks the limit and what lies beyond it is red. A
      hatched bar is unknown, which is never a pass.
    </p>
    ${list(tight)}
    ${
      ample.length > 0 &&
      html`<details>
        <summary>${ample.length}${tight.length > 0 ? ' more' : ''} ${fit} limit left</summary>
        ${list(ample)}
      </details>`
    }
  </section>`;
}
