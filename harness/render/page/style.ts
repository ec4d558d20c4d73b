/** Below it the columns of the table would not fit: a row is a block. */
const NARROW = '68rem'

/** The page's style sheet. First and second arm are blue and orange of Okabe and Ito (2008): told apart by everyone. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --first: #0072b2; --second: #d55e00; --second-text: #a84a00;
  --text: #1b1f24; --muted: #57606a; --rule: #d8dee4; --surface: #ffffff; --page: #f6f8fa; --alarm: #a40e26;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --first: #56b4e9; --second: #e69f00; --second-text: #e69f00;
    --text: #e6edf3; --muted: #9aa4af; --rule: #30363d; --surface: #161b22; --page: #0d1117; --alarm: #ff7b72;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0.5rem 0; }
h2 { font-size: 1.15rem; margin: 0 0 0.5rem; }
h3 { font-size: 1rem; margin: 1rem 0 0.25rem; }
section > h3:first-child { margin-top: 0; }
p { margin: 0.25rem 0; }
section { background: var(--surface); border: 1px solid var(--rule); border-radius: 8px; padding: 1rem; margin: 1rem 0; }
.muted { color: var(--muted); }
.alarm { color: var(--alarm); font-weight: 600; }
.label { border: 1px solid; border-radius: 6px; padding: 0.4rem 0.6rem; }
.first { color: var(--first); }
.second { color: var(--second-text); }
.chart { width: 100%; height: 22rem; }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0.5rem 0; font-size: 0.9rem; }
.legend span::before { content: ''; display: inline-block; width: 1.75rem; margin-right: 0.4rem; vertical-align: middle; border-top: 3px solid; }
.legend .first::before { border-top-color: var(--first); }
.legend .second::before { border-top-color: var(--second); border-top-style: dashed; }
.sides { display: flex; justify-content: space-between; gap: 1rem; margin: 0.5rem 0; font-weight: 600; }
.sides .second { text-align: right; }
.hover { display: grid; white-space: normal; }
table { width: 100%; border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
caption { text-align: left; font-weight: 600; padding: 0.75rem 0 0.25rem; }
th, td { padding: 0.3rem 0.4rem; border-bottom: 1px solid var(--rule); text-align: right; vertical-align: top; overflow-wrap: normal; }
thead th { overflow-wrap: anywhere; min-width: 5.2rem; }
td, .unbroken { white-space: nowrap; }
.interval { display: inline-block; }
td:has(.unbroken) { white-space: normal; }
th:first-child, td:first-child { text-align: left; font-weight: 400; padding-left: 0; }
.judged th, .judged td, tr.judged th:first-child { font-weight: 700; }
ul { margin: 0; padding-left: 1.2rem; }
li { margin: 0.35rem 0; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: 0.2rem 1rem; margin: 0; font-size: 0.9rem; }
dt { color: var(--muted); }
dd { margin: 0; }
pre { margin: 0.25rem 0; padding: 0.6rem; background: var(--page); border-radius: 6px; white-space: pre-wrap; }
a { color: var(--first); }
.runs { overflow-wrap: anywhere; }
.runs caption { font-weight: 400; padding-top: 0; }
.runs th, .runs td { text-align: left; white-space: normal; font-weight: 400; overflow-wrap: anywhere; }
.runs thead th { font-weight: 700; min-width: 0; overflow-wrap: normal; }
summary { cursor: pointer; color: var(--muted); }
.contents { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: 0; list-style: none; font-size: 0.9rem; }
.contents li { margin: 0; }
.contents a { display: inline-block; padding: 0.2rem 0; }
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
  main { padding: 0.5rem; }
  section { padding: 0.75rem; }
  .chart { height: 17rem; }
  table { font-size: 0.8rem; }
  thead th { min-width: 4.2rem; }
  th, td { padding: 0.3rem 0.25rem; }
}
@media print {
  body { background: none; }
  main { max-width: none; padding: 0; }
  section { border: 0; padding: 0; break-inside: auto; }
  .chart, li, tr { break-inside: avoid; }
  h2, h3, .legend, .sides { break-after: avoid; break-inside: avoid; }
  details::details-content { content-visibility: visible; }
  .chart > div, .chart canvas { width: 100% !important; height: auto !important; }
}
`

/** The style sheet of a page over many results: that of every page, and what only this one has. */
export const OVERVIEW_STYLE = `${STYLE}
@media screen { main { max-width: 88rem; } }
a:focus-visible, select:focus-visible, summary:focus-visible { outline: 3px solid var(--first); outline-offset: 2px; }
[hidden] { display: none !important; }
.filter { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 0.75rem; margin: 0.75rem 0; }
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
.strip { display: block; width: 300px; max-width: 100%; height: auto; }
.strip text { fill: var(--muted); font: 9px system-ui, sans-serif; text-anchor: middle; }
.strip .zone { fill: var(--muted); opacity: 0.25; }
.strip .ticks { stroke: var(--rule); }
.strip .equal { stroke: var(--text); }
.strip g path { stroke-width: 2; }
.strip .first { fill: var(--first); stroke: var(--first); }
.strip .second { fill: var(--second); stroke: var(--second); }
.strip .open { fill: var(--surface); stroke: var(--text); }
.runs details { margin-top: 0; }
.runs tr[data-filter] { line-height: 1.3; }
.runs tr[data-filter] p { margin: 0; }
@media screen and (min-width: ${NARROW}) {
  .runs th:nth-child(1) { min-width: 6rem; }
  .runs td:nth-child(2) { min-width: 6.5rem; }
  .runs td:nth-child(3) { min-width: 5.5rem; }
  .runs td:nth-child(4) { min-width: 5.5rem; }
  .runs td:nth-child(5) { min-width: 12rem; }
  .runs td:nth-child(6) { min-width: 9.5rem; }
  .runs td:nth-child(7) { min-width: 6rem; }
  .runs tr[data-filter] td:nth-child(n) { min-width: 7.5rem; }
  .runs tr[data-filter] td:nth-child(2) { width: 312px; min-width: 312px; }
  .runs tr[data-filter] th { min-width: 15rem; }
}
@media (max-width: 600px) {
  .group { display: block; }
  figure { display: flex; align-items: center; justify-content: space-between; gap: 0.5rem; width: 100%; }
  .spark:not(.sign) { flex: none; width: 200px; }
}
@media print {
  .filter, nav { display: none; }
  .runs { font-size: 0.65rem; }
  .runs th, .runs td, .runs td:nth-child(n) { min-width: 0; padding: 0.2rem; }
}
`

/**
 * The style sheet of a report: that of every page, and what only a report has. Parts of a latency have colours of Okabe and
 * Ito (2008) that are not those of the arms, by day and by night; the four rare ones are tints.
 */
export const REPORT_STYLE = `${STYLE}
:root {
  --part-0: #56b4e9; --part-1: #e69f00; --part-2: #f0e442; --part-3: #cc79a7; --part-4: #999999; --part-5: #009e73;
  --part-6: #a6dcc9; --part-7: #7f6a93; --part-8: #d9c3ae; --part-9: #d0d0d0; --part-10: #404040;
}
@media screen and (prefers-color-scheme: dark) {
  :root { --part-0: #0072b2; --part-1: #d55e00; --part-9: #5a5a5a; --part-10: #e6e6e6; }
}
@media print { .wide table { font-size: 0.7rem; } .wide th, .wide td { min-width: 0; padding-inline: 0.25rem; } }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 0.25rem; z-index: 1; padding: 0.5rem 0.75rem; background: var(--surface); border: 1px solid; border-radius: 6px; }
a:focus-visible, button:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--first); outline-offset: 2px; }
header { margin-bottom: 0.5rem; }
.arms { margin: 0.5rem 0; padding: 0; list-style: none; }
.groups td { border-bottom-color: transparent; }
.groups th { text-align: center; border-bottom-color: transparent; }
th[scope="row"] { min-width: 6rem; max-width: 14rem; }
h3 { margin-top: 1.75rem; }
.legend.plain .second::before { border-top-style: solid; }
.legend .hiccup::before { width: auto; border: 0; content: '▲'; font-size: 0.7rem; }
.legend .gap::before { border-top: 2px dotted; }
.parts span::before { width: 0.9rem; height: 0.9rem; border: 1px solid var(--rule); }
${Array.from({ length: 11 }, (_, part) => `.parts .part-${part}::before { background: var(--part-${part}); }`).join('\n')}
.buttons { display: flex; flex-wrap: wrap; gap: 0.4rem 0.6rem; margin: 0.6rem 0 0; }
button, .button { font: inherit; font-size: 0.85rem; padding: 0.3rem 0.7rem; color: var(--text); background: var(--page); border: 1px solid var(--muted); border-radius: 6px; cursor: pointer; text-decoration: none; }
#overview { font-size: 0.9rem; line-height: 1.4; padding: 0.75rem 1rem; margin-top: 0.5rem; }
#overview .chart { height: 17.5rem; }
#overview .sides, #overview .legend { margin: 0.25rem 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: 0.75rem; padding: 0; margin: 0 0 0.75rem; list-style: none; }
.tile { display: grid; align-content: start; margin: 0; padding: 0.5rem 0.75rem; border: 1px solid var(--rule); border-left: 5px solid var(--muted); border-radius: 6px; font-size: 0.85rem; line-height: 1.35; }
.tile strong { font-size: 1.2rem; }
.tile.first, .tile.second { color: var(--text); }
.tile.first { border-left-color: var(--first); }
.tile.first strong { color: var(--first); }
.tile.second { border-left-color: var(--second); }
.tile.second strong { color: var(--second-text); }
.tile.open { border-left-style: dashed; }
.beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(28rem, 100%), 1fr)); gap: 0.5rem 1.5rem; }
.beside > div { min-width: 0; }
[hidden] { display: none !important; }
[role="tablist"] { display: flex; flex-wrap: wrap; gap: 0.3rem; margin: 0.25rem 0; }
[role="tab"][aria-selected="true"] { color: var(--surface); background: var(--text); border-color: var(--text); }
[role="tablist"]:not([hidden]) ~ [role="tabpanel"] > h3 { position: absolute; left: -100rem; }
details { margin-top: 0.4rem; }
#overview ~ nav { position: sticky; top: 0; z-index: 3; background: var(--page); border-bottom: 1px solid var(--rule); }
nav .contents { margin: 0; padding: 0.25rem 0; }
section { scroll-margin-top: 3.5rem; }
nav ~ section { padding: 0.6rem 1rem; margin: 0.6rem 0; }
nav ~ section h2 { margin-bottom: 0.25rem; }
nav ~ section > p.muted { font-size: 0.9rem; }
@media screen { main { max-width: 78rem; } }
@media (max-width: 600px) {
  #overview ~ nav { position: static; }
  .tiles { grid-template-columns: 1fr 1fr; gap: 0.4rem; }
  .tile { padding: 0.4rem 0.5rem; }
  .tile strong { font-size: 1rem; }
}
@media print {
  table { break-inside: avoid; }
  .wide { overflow: visible; }
  .wide table { width: 100%; font-size: 0.7rem; }
  .wide td, .wide .unbroken { white-space: normal; }
  .skip, nav, .buttons, [role="tablist"] { display: none; }
  [role="tablist"]:not([hidden]) ~ [role="tabpanel"] > h3 { position: static; }
}
`
