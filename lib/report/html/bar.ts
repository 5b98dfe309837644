import { type Content, type Html, html } from './tag';

/** A quantity drawn as a lane of a bar; lanes lie below each other, each from the bar's start. */
export interface Lane {
  readonly value: number;
  /** Style class, which gives the colour. */
  readonly tone: string;
  /** Whether the limit holds for it. @default true */
  readonly limited?: boolean;
}

export interface Bar {
  /** The whole in words, for who does not see it. */
  readonly label: string;
  /** What is taken before the lanes start. @default 0 */
  readonly start?: number;
  readonly lanes: readonly Lane[];
  /** What must not be exceeded: what lies beyond is red. @default - no limit */
  readonly limit?: number;
  /** Value at the right end. */
  readonly scale: number;
  /** Hatches the bar: it cannot be told what room there is. @default false */
  readonly unknown?: boolean;
}

const LANE_PX = 6;
const GAP_PX = 2;
/** Share of the width below which a quantity could not be seen, in per cent. */
const LEAST_PERCENT = 0.6;

const percent = (value: number): string => `${Number(value.toFixed(3))}%`;

function block(x: number, width: number, y: number, height: number, tone: string): Html | undefined {
  if (width <= 0) return undefined;
  const visible = Math.max(width, LEAST_PERCENT);
  return html`<rect
    x="${percent(Math.min(x, 100 - visible))}"
    y="${y}"
    width="${percent(visible)}"
    height="${height}"
    class="${tone}"
  />`;
}

/** A quantity from `from`; the part beyond the limit is red. */
function stretch(
  bar: Bar,
  from: number,
  { value, tone, limited = true }: Lane,
  y: number,
  height: number,
): Content {
  const toPercent = 100 / (bar.scale > 0 ? bar.scale : 1);
  const end = from + value;
  const edge = Math.min(Math.max((limited ? bar.limit : undefined) ?? end, from), end);
  return [
    block(from * toPercent, (edge - from) * toPercent, y, height, tone),
    block(edge * toPercent, (end - edge) * toPercent, y, height, 'over'),
  ];
}

/** A bar of lanes as inline SVG in percentages, so that it fits any width. */
export function barOf(bar: Bar): Html {
  const { label, start = 0, lanes, limit, scale, unknown = false } = bar;
  const height = lanes.length * (LANE_PX + GAP_PX) + GAP_PX;
  const full = limit === 0;
  const track = limit === undefined || scale <= 0 ? 100 : Math.min(100, (limit / scale) * 100);
  return html`<svg class="bar" role="img" aria-label="${label}" width="100%" height="${height}">
    ${block(0, track, 0, height, 'track')}${unknown && html`<rect width="100%" height="${height}" fill="url(#hatch)" />`}
    ${full && html`<rect width="100%" height="${height}" class="over" />`}
    ${!full && start > 0 && stretch(bar, 0, { value: start, tone: 'others' }, 0, height)}
    ${!full && lanes.map((lane, at) => stretch(bar, start, lane, GAP_PX + at * (LANE_PX + GAP_PX), LANE_PX))}
    ${!full && track < 100 && html`<rect x="${percent(track)}" width="2" height="${height}" class="limit" />`}
  </svg>`;
}
