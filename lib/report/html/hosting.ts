import type { Report } from '../schema';
import { size, units } from '../words';
import { grid } from './grid';
import { type Html, html } from './tag';

const UPDATES = {
  'all-at-once': 'all at once',
  rolling: 'rolling',
  managed: 'managed by AWS',
} as const;

/** How the specialists are hosted. */
export function topologySection({ plan, verdict }: Report): Html {
  const rows = plan.endpoints.map((endpoint) => [
    endpoint.specialists.join(', '),
    endpoint.mode,
    size(endpoint),
    `${units(endpoint.p95Ms)} ms`,
    UPDATES[endpoint.updateStrategy],
    html`<span class="code">${endpoint.name}</span>`,
  ]);
  const embedded = plan.embedded.map((name) => [
    name,
    'embedded',
    'inside the inference Lambda',
    '–',
    'with the Lambda',
    '–',
  ]);
  const intent =
    verdict === 'fits' ? 'What deploys.' : 'What would deploy once everything above is granted and known.';
  return html`<section aria-labelledby="topology">
    <h2 id="topology">Topology</h2>
    <p class="hint">
      ${intent}${plan.updateOrder === 'one-at-a-time' && ' Endpoints are updated one at a time.'}
    </p>
    ${grid(
      'Topology',
      [
        { title: 'Specialists' },
        { title: 'Mode' },
        { title: 'Size' },
        { title: 'p95' },
        { title: 'Updates' },
        { title: 'Endpoint' },
      ],
      [...rows, ...embedded],
    )}
  </section>`;
}
