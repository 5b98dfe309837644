import type { Report } from '../schema';
import {
  type ChoiceGroup,
  choiceGroups,
  moreTypes,
  nextBetterBrings,
  nextBetterNeeds,
  nextBetterTopology,
  objectiveLine,
  otherHomeName,
  saidOf,
} from '../why';
import { units, usd } from '../words';
import { badge } from './badge';
import { grid } from './grid';
import { type Html, html } from './tag';

const money = (value: number | undefined) => (value === undefined ? '–' : usd(value));
const latency = (value: number | undefined) => (value === undefined ? '–' : `${units(value)} ms`);

const COLUMNS = [
  { title: 'Fits' },
  { title: 'Cost a month', figures: true },
  { title: 'p95', figures: true },
  { title: 'Why not' },
];

function group(choices: ChoiceGroup): Html {
  const names = choices.specialists.join(', ');
  const forWhom = (of: string) => (of === '' ? '' : ` (${of})`);
  return html`<h3>${names}</h3>
    <p>${choices.why}.</p>
    <details>
      <summary>Size, and every other home, of ${names}</summary>
      <ul>
        ${saidOf(choices, ({ sizing }) => sizing).map(({ item, of }) => html`<li>${item}${forWhom(of)}</li>`)}
      </ul>
      ${grid(
        `Other homes of ${names}`,
        [{ title: 'Other home' }, ...COLUMNS],
        saidOf(choices, ({ others }) => others).map(({ item: other, of }) => [
          `${otherHomeName(other)}${forWhom(of)}`,
          other.feasible ? badge('fits') : 'no',
          money(other.monthlyUsd),
          latency(other.p95Ms),
          other.reason,
        ]),
      )}
      ${saidOf(choices, moreTypes).map(({ item }) => html`<p class="hint">${item}</p>`)}
    </details>`;
}

/** Why every specialist is hosted as it is; the figures behind it unfold. */
export function choicesSection(report: Report): Html | undefined {
  const groups = choiceGroups(report);
  if (groups.length === 0) return undefined;
  const rule = objectiveLine(report);
  return html`<section aria-labelledby="why">
    <h2 id="why">Why</h2>
    ${groups.map(group)} ${rule === undefined ? undefined : html`<p class="hint">${rule}.</p>`}
  </section>`;
}

/** What a few more units of quota would be worth. */
export function nextBetterSection({ nextBetter: better }: Report): Html | undefined {
  if (better === undefined) return undefined;
  return html`<section aria-labelledby="next-better">
    <h2 id="next-better">Next better plan</h2>
    <p>${nextBetterBrings(better)}, by raising ${nextBetterNeeds(better)}.</p>
    <p class="hint">It would be: ${nextBetterTopology(better)}.</p>
    <ul>
      ${better.increases.map(
        ({ code, justification }) => html`<li><span class="code">${code}</span> ${justification}</li>`,
      )}
    </ul>
  </section>`;
}

/** Other ways to host the specialists, and why they were not chosen. */
export function alternativesSection({ alternatives }: Report): Html {
  return html`<section aria-labelledby="alternatives">
    <h2 id="alternatives">Alternatives</h2>
    ${grid(
      'Alternatives',
      [{ title: 'Alternative' }, ...COLUMNS],
      alternatives.map(({ name, feasible, chosen, monthlyUsd, p95Ms, reason }) => [
        name,
        feasible ? badge('fits') : 'no',
        money(monthlyUsd),
        latency(p95Ms),
        reason ?? (chosen ? 'this is the plan' : '–'),
      ]),
    )}
  </section>`;
}
