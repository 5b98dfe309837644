import { createHash } from 'node:crypto';
import type { Report } from '../schema';
import { coverageLine, counted, usd } from '../words';
import { badge } from './badge';
import { costSection } from './cost';
import { findingsSection, increasesSection } from './findings';
import { topologySection } from './hosting';
import { quotasSection } from './quotas';
import { STYLE } from './style';
import { Html, html } from './tag';
import { alternativesSection, choicesSection, nextBetterSection } from './why';

/** Nothing is loaded and nothing runs: the one style sheet is allowed by its hash. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  // The empty icon below, which keeps browsers from asking a server for one.
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Built in one piece: the hash covers every blank between the tags. */
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);

/** The hatching that stands for the unknown, referred to by every bar. */
const PATTERNS = html`<svg class="defs" width="0" height="0" aria-hidden="true">
  <defs>
    <pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <path d="M0 0V8" class="hatch" />
    </pattern>
  </defs>
</svg>`;

function reasons(report: Report): string {
  const errors = report.findings.filter(({ severity }) => severity === 'error').length;
  const warnings = report.findings.filter(({ severity }) => severity === 'warning').length;
  const parts = [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ];
  return parts.length === 0 ? 'nothing stands in the way' : parts.join(', ');
}

function header(report: Report): Html {
  const { environment, verdict, cost, snapshot } = report;
  return html`<header class="${verdict}">
    <h1>${environment} ${badge(verdict)}</h1>
    <p class="lead">
      ${usd(cost.monthlyUsd)} a month of a budget of ${usd(cost.budgetUsd)}; ${reasons(report)}.
    </p>
    <p class="origin">
      Account ${report.account}, ${report.region}. Snapshot ${snapshot.name} of
      <time datetime="${snapshot.takenAt}">${snapshot.takenAt.slice(0, 10)}</time>.
    </p>
    <details class="origin">
      <summary>Where the limits come from</summary>
      <p>${snapshot.source}</p>
      <p>${coverageLine(report) ?? ''}</p>
    </details>
  </header>`;
}

/**
 * The report as one HTML page that needs nothing beside itself: no script, no font, no image, no network. It follows
 * the reader's light or dark scheme and fits a phone.
 */
export function renderHtml(report: Report): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href="data:," />
        <title>Pre-flight of ${report.environment}: ${report.verdict}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        ${PATTERNS}
        <main>
          ${header(report)} ${findingsSection(report)} ${increasesSection(report)} ${quotasSection(report)}
          ${topologySection(report)} ${choicesSection(report)} ${nextBetterSection(report)}
          ${costSection(report)} ${alternativesSection(report)}
        </main>
      </body>
    </html> `;
  return `${page.toString().trim()}\n`;
}
