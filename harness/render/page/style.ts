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
summary { cursor: pointer; color: var(--muted); }
@media (max-width: 600px) {
  main { padding: 0.5rem; }
  section { padding: 0.75rem; }
  .chart { height: 17rem; }
  table { font-size: 0.8rem; }
  thead th { min-width: 4.2rem; }
  th, td { padding: 0.3rem 0.25rem; }
}
@media print { section { break-inside: avoid; } }
`
