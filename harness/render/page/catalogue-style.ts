import { STYLE } from './style.ts'

/** The style sheet of the index: that of a report, and what only the index has. */
export const CATALOGUE_STYLE = `${STYLE}
figure { margin: 0.75rem 0 0; max-width: 34rem; }
.picture svg { display: block; width: 100%; height: auto; font-family: system-ui, sans-serif; }
.picture { border: 1px solid var(--rule); border-radius: 6px; padding: 0.25rem; background: var(--surface); }
.outcome { font-weight: 600; }
.overview td { white-space: normal; text-align: left; }
.overview th { text-align: left; }
.overview thead th { min-width: 0; font-weight: 700; }
.claim { white-space: nowrap; }
a { color: var(--first); }
section:target { outline: 2px solid var(--first); }
@media (max-width: 600px) { .overview .wide-only { display: none; } }
`
