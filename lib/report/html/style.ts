/** The page's style sheet: colours of at least 4.5:1 on their background, light and dark, wide and narrow. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --line: #d5d9e0; --ink: #1a1f2b; --soft: #535c6d; --track: #e6e9ef;
  --good: #0f6b3c; --good-back: #dff3e6; --bad: #ad1a1a; --bad-back: #fde5e3;
  --caution: #7a4b00; --caution-back: #fdeecb; --neutral: #2f5597; --neutral-back: #e2ebfa;
  --others: #737c8c; --steady: #1d4ed8; --peak: #6d8df2; --update: #0e9aa7; --over: #d12424; --hatch: #b38a3e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10141c; --card: #191f2a; --line: #343d4d; --ink: #e9ecf2; --soft: #a8b1c1; --track: #2d3645;
    --good: #7fdca4; --good-back: #123524; --bad: #ff9d96; --bad-back: #45191a;
    --caution: #f5c767; --caution-back: #3d2f0f; --neutral: #a5c3fb; --neutral-back: #1d2e4d;
    --others: #8b95a7; --steady: #5b8cff; --peak: #9db8ff; --update: #3cc3cf; --over: #ff5c54; --hatch: #8a6d33;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.25rem; }
h1, h2, h3, p, dl, dd, ul { margin: 0; }
h1 { font-size: 1.7rem; line-height: 1.25; display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; }
h2 { font-size: 1.2rem; margin-bottom: .5rem; }
h3 { font-size: 1rem; }
table + h3 { margin-top: 1.25rem; }
h1, h3, p, dd, summary { overflow-wrap: anywhere; }
td { overflow-wrap: break-word; }
header, section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1.1rem; }
header { border-top: .4rem solid var(--line); }
header.fits { border-top-color: var(--good); }
header.blocked { border-top-color: var(--bad); }
header.unknown { border-top-color: var(--caution); }
section { margin-top: 1rem; }
.lead { font-size: 1.1rem; margin-top: .4rem; }
.hint, .origin, dt { color: var(--soft); font-size: .875rem; }
.hint { margin-bottom: .75rem; }
.code { font: .8rem/1.4 ui-monospace, monospace; color: var(--soft); overflow-wrap: anywhere; }
.badge { display: inline-block; padding: .1rem .55rem; border-radius: 1rem; font-size: .85rem; font-weight: 600;
  white-space: nowrap; }
h1 .badge { font-size: 1.1rem; padding: .2rem .9rem; }
.good { color: var(--good); background: var(--good-back); }
.bad { color: var(--bad); background: var(--bad-back); }
.caution { color: var(--caution); background: var(--caution-back); }
.neutral { color: var(--neutral); background: var(--neutral-back); }
ul.plain { list-style: none; padding: 0; }
.finding { border-left: .25rem solid var(--line); padding: .15rem 0 .15rem .8rem; margin: .75rem 0; }
.finding.error { border-left-color: var(--bad); }
.finding.warning { border-left-color: var(--caution); }
.remedy { color: var(--soft); }
.quota { padding: .8rem 0; border-top: 1px solid var(--line); }
.quota:first-child { border-top: 0; padding-top: 0; }
.quota .title { display: flex; gap: .75rem; justify-content: space-between; align-items: start; }
.bar { display: block; margin: .35rem 0; border-radius: .2rem; }
rect.track { fill: var(--track); }
rect.others { fill: var(--others); } rect.over { fill: var(--over); } rect.limit { fill: var(--ink); }
rect.steady, rect.expected { fill: var(--steady); } rect.peak, rect.maximum { fill: var(--peak); }
rect.update, rect.idle { fill: var(--update); }
.hatch { stroke: var(--hatch); stroke-width: 3; }
.defs { position: absolute; }
.swatch { display: inline-block; width: .65rem; height: .65rem; border-radius: .15rem; margin-right: .35rem; }
.swatch.others { background: var(--others); }
.swatch.steady, .swatch.expected { background: var(--steady); }
.swatch.peak, .swatch.maximum { background: var(--peak); }
.swatch.update, .swatch.idle { background: var(--update); }
dl.figures { display: flex; flex-wrap: wrap; gap: .1rem 1.4rem; }
dl.figures > div { display: flex; gap: .4rem; align-items: baseline; }
dd { font-variant-numeric: tabular-nums; }
.short { color: var(--bad); font-weight: 600; margin-top: .2rem; }
summary { cursor: pointer; padding: .35rem 0; font-weight: 600; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; color: var(--soft); font-size: .875rem; font-weight: 600; }
th, td { padding: .4rem .75rem .4rem 0; vertical-align: top; border-bottom: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; }
tbody tr:last-child td { border-bottom: 0; }
th.figures, td.figures { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
@media (max-width: 44rem) {
  main { padding: .6rem; }
  header, section { padding: .85rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody { display: block; }
  tr { display: flex; flex-wrap: wrap; gap: .15rem 1.25rem; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  tbody tr:last-child { border-bottom: 0; }
  th, td { border: 0; padding: 0; overflow-wrap: anywhere; }
  td.words { flex: 1 1 100%; }
  td.words:first-child { font-weight: 600; }
  td:not(:first-child)::before { content: attr(data-label) " "; color: var(--soft); font-size: .875rem; }
  td.words:not(:first-child) { display: flex; gap: .75rem; }
  td.words:not(:first-child)::before { flex: 0 0 5rem; }
  td.figures { text-align: left; }
  td.figures .swatch { margin: 0 .15rem 0 .25rem; }
}
@media print { body { background: none; } section { break-inside: avoid; } }
`;
