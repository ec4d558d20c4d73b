import type { Report } from '../../results/schema.ts'
import { BYTES, formatQuantity, formatShare } from '../format.ts'
import { METRIC_LABELS } from '../metric-label.ts'
import { transportText } from '../notices.ts'
import { traceText } from '../trace-text.ts'
import { precisionText } from '../verdict-notes.ts'
import { html, type Markup } from './markup.ts'

/** A term and what it is, or says. */
export type Entry = readonly [term: string, value: string]

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

/** The machine: numbers from another one are another measurement. */
export function environmentSection({ environment }: Pick<Report, 'environment'>): Markup {
  return html`<section id="environment">
    <h2>Environment</h2>
    ${definitions([
      ['processor', `${environment.cpu}, ${environment.cores} cores`],
      ['threads pinned', environment.pinned ? 'yes' : 'no'],
      ['multithreading (SMT)', switchText(environment.smt, 'on', 'off')],
      ['virtual machine', switchText(environment.virtual, 'yes', 'no')],
      ['memory', formatQuantity(environment.memoryBytes, BYTES)],
      ['system', `${environment.platform}, kernel ${environment.kernel}`],
      ['node', `${environment.node}, V8 ${environment.v8}`],
      ['node flags', environment.nodeFlags.join(' ') || 'none'],
      ['server flags', environment.serverFlags?.join(' ') ?? 'not available'],
      ['helper threads of a server', countText(environment.helperThreads)],
      ['transparent huge pages', environment.transparentHugePages ?? 'not available'],
      ['crossover', environment.crossover],
      ['governor', environment.governor ?? 'not available'],
      ['cgroup quota', environment.cgroupQuota ?? 'none'],
      ['stolen by the hypervisor', shareText(environment.stealShare)],
      ['taken by other processes', shareText(environment.othersShare)],
      ['throttled by the cgroup', throttledText(environment.throttledSeconds)],
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

/** Terms beside their values. */
export function definitions(entries: readonly Entry[]): Markup {
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

function switchText(isOn: boolean | null, on: string, off: string): string {
  if (isOn === null) return 'not available'
  return isOn ? on : off
}

function countText(count: number | null): string {
  return count === null ? 'not available' : String(count)
}

function shareText(share: number | null): string {
  return share === null ? 'not available' : `${formatShare(share)} of the processors’ time`
}

function throttledText(seconds: number | null): string {
  return seconds === null ? 'not available' : `${seconds.toFixed(1)} s`
}

function loadAverages({ loadAverageBefore, loadAverageAfter }: Report['environment']): string {
  const text = (averages: readonly number[]): string =>
    averages.map((average) => average.toFixed(2)).join(' ')
  const after = loadAverageAfter === null ? '' : `, ${text(loadAverageAfter)} after`
  return `${text(loadAverageBefore)} before${after}`
}
