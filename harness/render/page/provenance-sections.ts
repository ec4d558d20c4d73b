import type { Report } from '../../results/schema.ts'
import { BYTES, formatQuantity } from '../format.ts'
import { html, type Markup } from './markup.ts'

type Entry = readonly [term: string, value: string]

/** How to get these numbers again. */
export function repeatSection(report: Report): Markup {
  const { run, scenario, arms } = report
  return html`<section>
    <h2>Run it again</h2>
    <pre><code>${run.command}</code></pre>
    ${definitions([
      ['seed', String(run.seed)],
      ['pairs planned per load', String(run.plannedPairs)],
      ['steady state of a trial', `${run.durationSeconds} s`],
      ['processors', run.cpus.join(', ')],
      ['profile', run.profile],
      ['took', `${run.elapsedSeconds.toFixed(1)} s`],
      ...arms.map((arm): Entry => [arm.label, listed(arm.options)]),
      ['parameters', listed(scenario.params)],
      ...(scenario.claim === null ? [] : [['claim', scenario.claim] as const]),
    ])}
  </section>`
}

/** The machine: numbers from another one are another measurement. */
export function environmentSection(report: Report): Markup {
  const { environment } = report
  return html`<section>
    <h2>Environment</h2>
    ${definitions([
      ['processor', `${environment.cpu}, ${environment.cores} cores`],
      ['threads pinned', environment.pinned ? 'yes' : 'no'],
      ['memory', formatQuantity(environment.memoryBytes, BYTES)],
      ['system', `${environment.platform}, kernel ${environment.kernel}`],
      ['node', `${environment.node}, V8 ${environment.v8}`],
      ['crossover', environment.crossover],
      ['governor', environment.governor ?? 'not available'],
      ['cgroup quota', environment.cgroupQuota ?? 'none'],
      ['load average', loadAverages(environment)],
    ])}
    ${
      environment.mitigations === null
        ? null
        : html`<details>
            <summary>Mitigations of processor flaws</summary>
            ${definitions(Object.entries(environment.mitigations))}
          </details>`
    }
  </section>`
}

/** The words and signs of this page. */
export function glossarySection(): Markup {
  return html`<section>
    <h2>How to read this</h2>
    ${definitions([
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
      ['range', 'smallest and largest value instead of a confidence interval'],
      ['–', 'not measured, or not available on this machine'],
    ])}
  </section>`
}

function definitions(entries: readonly Entry[]): Markup {
  return html`<dl>
    ${entries.map(
      ([term, value]) =>
        html`<dt>${term}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`
}

function listed(values: Readonly<Record<string, string | number | boolean>>): string {
  const entries = Object.entries(values).map(([name, value]) => `${name}=${value}`)
  return entries.length === 0 ? 'defaults' : entries.join(', ')
}

function loadAverages({ loadAverageBefore, loadAverageAfter }: Report['environment']): string {
  const text = (averages: readonly number[]): string =>
    averages.map((average) => average.toFixed(2)).join(' ')
  const after = loadAverageAfter === null ? '' : `, ${text(loadAverageAfter)} after`
  return `${text(loadAverageBefore)} before${after}`
}
