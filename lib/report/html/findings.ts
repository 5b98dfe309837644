import type { Report } from '../schema';
import { counted, units } from '../words';
import { badge } from './badge';
import { grid } from './grid';
import { type Content, type Html, html } from './tag';

type Finding = Report['findings'][number];

function item({ id, severity, title, remedy }: Finding): Html {
  return html`<li class="finding ${severity}">
    <p class="title">${badge(severity)} <span class="code">${id}</span></p>
    <p>${title}.</p>
    <p class="remedy"><strong>What to do:</strong> ${remedy}.</p>
  </li> `;
}

/** What stands in the way and what to mind, each with its remedy; notes are folded away. */
export function findingsSection({ findings }: Report): Content {
  if (findings.length === 0) return undefined;
  const urgent = findings.filter(({ severity }) => severity !== 'info');
  const notes = findings.filter(({ severity }) => severity === 'info');
  return html`<section aria-labelledby="findings">
    <h2 id="findings">Findings</h2>
    ${
      urgent.length > 0
        ? html`<ul class="plain">
            ${urgent.map(item)}
          </ul>`
        : html`<p>Nothing stands in the way.</p>`
    }
    ${
      notes.length > 0 &&
      html`<details>
        <summary>${counted(notes.length, 'note')}</summary>
        <ul class="plain">
          ${notes.map(item)}
        </ul>
      </details>`
    }
  </section>`;
}

/** The quota increases to ask AWS for. */
export function increasesSection({ increases }: Report): Content {
  if (increases.length === 0) return undefined;
  return html`<section aria-labelledby="increases">
    <h2 id="increases">Increases to request</h2>
    ${grid(
      'Increases to request',
      [
        { title: 'Quota' },
        { title: 'From', figures: true },
        { title: 'To', figures: true },
        { title: 'Why' },
        { title: 'Unlocks' },
      ],
      increases.map((increase) => [
        html`${increase.name} <span class="code">${increase.service}/${increase.code}</span>`,
        units(increase.from),
        units(increase.to),
        increase.justification,
        increase.unlocks,
      ]),
    )}
  </section>`;
}
