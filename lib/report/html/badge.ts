import { type Html, html } from './tag';

/** Sign, words and colour of whatever is judged: never the colour alone. */
const BADGES = {
  fits: ['✓', 'fits', 'good'],
  'update-blocked': ['!', 'cannot be updated', 'caution'],
  blocked: ['✕', 'blocked', 'bad'],
  unknown: ['?', 'unknown', 'caution'],
  error: ['✕', 'error', 'bad'],
  warning: ['!', 'warning', 'caution'],
  info: ['i', 'note', 'neutral'],
} as const;

/** A verdict or severity as a label. */
export function badge(kind: keyof typeof BADGES): Html {
  const [sign, words, tone] = BADGES[kind];
  return html`<span class="badge ${tone}"><span aria-hidden="true">${sign}</span> ${words}</span>`;
}
