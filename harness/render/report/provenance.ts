import type { Report } from '../../results/schema.ts'
import { formatShare } from '../../words/format.ts'
import { METRIC_LABELS } from '../../words/metrics.ts'
import { traceText } from '../../words/names.ts'
import { html, type Markup } from '../page/document.ts'
import { definitions, type Entry } from '../page/environment.ts'
import { precisionText, transportText } from './notices.ts'

/** How to get these numbers again. */
export function repeatSection(report: Report): Markup {
  const { run, scenario, arms } = report
  const precision = precisionText(report)
  const trace = traceText(report)
  return html`<section id="repeat">
    <h2>Run it again</h2>
    <pre><code>${run.command}</code></pre>
    ${definitions([
      ['seed', String(run.seed)],
      ['verdict on', `${METRIC_LABELS[run.metric]}, ${formatShare(run.level)} confidence`],
      ['rounds planned', String(run.plannedRounds)],
      ...(precision === null ? [] : [['precision', precision] as const]),
      ['steady state of a trial', `${run.durationSeconds} s`],
      ['processors', run.cpus.join(', ')],
      ['transport', transportText(report)],
      ...(trace === null ? [] : [['requests', trace] as const]),
      ['profile', run.profile],
      ['took', `${run.elapsedSeconds.toFixed(1)} s`],
      ...arms.map((arm): Entry => [arm.label, listed(arm.options)]),
      ['parameters', listed(scenario.params)],
      ...(scenario.claim === null ? [] : [['claim', scenario.claim] as const]),
    ])}
  </section>`
}

/** The words and signs of this page. */
export function glossarySection(): Markup {
  return html`<section id="glossary">
    <h2>How to read this</h2>
    ${definitions([
      ['arm', 'one of the servers that are compared'],
      ['round', 'every arm started and warmed anew, and measured at every load'],
      ['pair', 'a trial of two arms in one round, on the same requests'],
      [
        'gate',
        'a check that a trial must pass, else its round’s trials at this load are played again, or its numbers are doubtful',
      ],
      ['sustained', 'the highest load, requests at their own instants, that an arm keeps'],
      ['saturated throughput', 'what an arm completes when the next request always waits already'],
      [
        'latency',
        'from the instant at which the schedule places a request to its reply, as a client sees it',
      ],
      ['p99', '99% of the requests due in the steady state were answered within this time'],
      [
        '> 1.20 s',
        'falls on a request that was refused or never answered, this long ago; a curve ends where they begin',
      ],
      [
        '0.31× (0.26–0.38)',
        'second arm ÷ first arm: the estimate over pairs and its confidence interval',
      ],
      [
        'A/A band',
        'how far from 1 the ratio gets when this machine compares an architecture with itself',
      ],
      ['gap', 'time between two turns of the thread that serves a port, sleep excluded'],
      ['hiccup', 'time for which the system kept a thread from running that only reads the clock'],
      ['range', 'smallest and largest value instead of a confidence interval'],
      ['–', 'not measured, or not available on this machine'],
    ])}
  </section>`
}

function listed(values: Readonly<Record<string, string | number | boolean>>): string {
  const entries = Object.entries(values).map(([name, value]) => `${name}=${value}`)
  return entries.length === 0 ? 'defaults' : entries.join(', ')
}
