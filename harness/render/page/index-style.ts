import { STYLE } from './style.ts'

/** Below it the columns of the table would not fit: a row is a block. */
const NARROW = '68rem'

/** The style sheet of the index over all runs: that of every page, and what only this one has. */
export const INDEX_STYLE = `${STYLE}
main { max-width: 88rem; }
a { color: var(--first); }
a:focus-visible, select:focus-visible, summary:focus-visible { outline: 3px solid var(--first); outline-offset: 2px; }
[hidden] { display: none !important; }
.filter { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 0.75rem; margin: 0.75rem 0; }
nav { display: flex; flex-wrap: wrap; gap: 0 1.25rem; font-size: 0.9rem; }
select { font: inherit; color: var(--text); background: var(--surface); border: 1px solid var(--muted); border-radius: 6px; padding: 0.35rem 0.5rem; max-width: 100%; }
.key { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0; margin: 0.25rem 0; list-style: none; font-size: 0.9rem; }
.key li { margin: 0; }
.scenario { border-top: 1px solid var(--rule); padding: 0.5rem 0; }
.scenario h3 { margin: 0; }
.group { display: grid; grid-template-columns: 16rem 1fr; gap: 0 1.25rem; break-inside: avoid; }
.group > div { min-width: 0; }
.group p, .scenario summary { font-size: 0.8rem; line-height: 1.35; }
.group + .group, details, summary + .group { margin-top: 0.6rem; }
.sparks { display: flex; flex-wrap: wrap; align-items: flex-end; gap: 0.5rem 1.25rem; }
figure { margin: 0; width: 225px; max-width: 100%; }
figcaption { font-size: 0.8rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.spark { display: block; width: 200px; max-width: 100%; height: auto; overflow: visible; }
.spark.sign { display: inline-block; width: 0.8rem; vertical-align: -0.1rem; }
.spark text { fill: var(--muted); font: 10px system-ui, sans-serif; text-anchor: end; }
.spark path, .spark polyline { fill: none; }
.spark .equal { stroke: var(--muted); stroke-dasharray: 3 3; }
.spark .bars { stroke: var(--muted); }
.spark .line { stroke: var(--muted); stroke-width: 1.5; }
.spark .first { fill: var(--first); }
.spark .second { fill: var(--second); }
.spark .open { fill: var(--surface); stroke: var(--text); stroke-width: 1.25; }
.runs { overflow-wrap: anywhere; }
.runs caption { font-weight: 400; padding-top: 0; }
.runs th, .runs td { text-align: left; white-space: normal; font-weight: 400; overflow-wrap: anywhere; }
.runs thead th { font-weight: 700; min-width: 0; overflow-wrap: normal; }
.runs th:nth-child(1) { min-width: 6rem; }
.runs td:nth-child(2) { min-width: 6.5rem; }
.runs td:nth-child(3) { min-width: 5.5rem; }
.runs td:nth-child(4) { min-width: 5.5rem; }
.runs td:nth-child(5) { min-width: 12rem; }
.runs td:nth-child(6) { min-width: 9.5rem; }
.runs td:nth-child(7) { min-width: 6rem; }
@media screen and (max-width: ${NARROW}) {
  .runs, .runs caption, .runs tbody, .runs tr, .runs th, .runs td { display: block; }
  .runs thead { position: absolute; left: -100rem; }
  .runs tr { border-top: 1px solid var(--rule); padding: 0.5rem 0; }
  .runs th, .runs td, .runs td:nth-child(n) { border: 0; padding: 0.15rem 0; min-width: 0; }
  .runs td::before { content: attr(data-label) ': '; color: var(--muted); }
  .runs th a { font-weight: 600; }
}
@media (max-width: 600px) {
  h1 { font-size: 1.25rem; }
  .group { display: block; }
  figure { display: flex; align-items: center; justify-content: space-between; gap: 0.5rem; width: 100%; }
  .spark:not(.sign) { flex: none; width: 200px; }
}
@media print {
  body { background: none; }
  main { max-width: none; padding: 0; }
  section { border: 0; padding: 0; break-inside: auto; }
  .filter, nav { display: none; }
  .runs { font-size: 0.65rem; }
  .runs th, .runs td, .runs td:nth-child(n) { min-width: 0; padding: 0.2rem; }
  tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  details::details-content { content-visibility: visible; }
}
`
