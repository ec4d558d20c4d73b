import { STYLE } from './style.ts'

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
@media (max-width: 600px) { h1 { font-size: 1.25rem; } }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 0.25rem; z-index: 1; padding: 0.5rem 0.75rem; background: var(--surface); border: 1px solid; border-radius: 6px; }
a { color: var(--first); }
a:focus-visible, button:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--first); outline-offset: 2px; }
header { margin-bottom: 0.5rem; }
.arms { margin: 0.5rem 0; padding: 0; list-style: none; }
.contents { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: 0; list-style: none; font-size: 0.9rem; }
.contents li { margin: 0; }
.contents a { display: inline-block; padding: 0.2rem 0; }
.sides { display: flex; justify-content: space-between; gap: 1rem; margin: 0.5rem 0; font-weight: 600; }
.sides .second { text-align: right; }
.groups td { border-bottom-color: transparent; }
.groups th { text-align: center; border-bottom-color: transparent; }
th[scope="row"] { min-width: 6rem; max-width: 14rem; }
h3 { margin-top: 1.75rem; }
.legend.plain .second::before { border-top-style: solid; }
.legend .hiccup::before { width: auto; border: 0; content: '▲'; font-size: 0.7rem; }
.legend .gap::before { border-top: 2px dotted; }
.parts span::before { width: 0.9rem; height: 0.9rem; border: 1px solid var(--rule); }
${Array.from({ length: 11 }, (_, part) => `.parts .part-${part}::before { background: var(--part-${part}); }`).join('\n')}
button { font: inherit; margin: 0.5rem 0; padding: 0.45rem 0.9rem; color: var(--surface); background: var(--first); border: 0; border-radius: 6px; cursor: pointer; }
@media print {
  body { background: none; }
  main { max-width: none; padding: 0; }
  section { border: 0; padding: 0; break-inside: auto; }
  .chart, table, li, tr { break-inside: avoid; }
  h2, h3, .legend, .sides { break-after: avoid; break-inside: avoid; }
  .chart > div, .chart canvas { width: 100% !important; height: auto !important; }
  .wide { overflow: visible; }
  .wide table { width: 100%; font-size: 0.7rem; }
  .wide td, .wide .unbroken { white-space: normal; }
  .skip, nav, button { display: none; }
  details::details-content { content-visibility: visible; }
}
`
