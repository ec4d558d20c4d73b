import { pairReport } from '../../results/compared-pair.ts'
import type { Report } from '../../results/schema.ts'
import { formatShare } from '../../words/format.ts'
import { METRIC_LABELS } from '../../words/metrics.ts'
import { html, type Markup } from '../page/document.ts'
import { dataTable } from '../page/table.ts'
import { verdictSentence } from './notices.ts'
import { loadName } from './pair-figures.ts'
import { intervalLevel, summaryRows } from './summary-rows.ts'

/** Of the metrics: what a reader asks for first. */
const SHOWN: readonly string[] = [METRIC_LABELS.p50, METRIC_LABELS.p99]

/** A comparison of a run beside the one that its report is about. */
export interface AlsoCompared {
  readonly first: string
  readonly second: string
  /** Confidence of the intervals; null when they are ranges or there are none. */
  readonly level: number | null
  /** One for each load, in their order. */
  readonly verdicts: readonly { readonly load: string; readonly sentence: string }[]
  /** Two metrics for each load with a sound pair: medians over pairs, and second ÷ first with its interval. */
  readonly rows: readonly {
    readonly load: string
    readonly metric: string
    readonly first: string
    readonly second: string
    readonly ratio: string
  }[]
}

/** `sharded ÷ staged (96.9%)`: heads a column of ratios. */
export function alsoRatioHeading({ first, second, level }: AlsoCompared): string {
  return `${second} ÷ ${first}${level === null ? '' : ` (${formatShare(level)})`}`
}

/** Every comparison but the first, in the order of the report; empty where there is only one. */
export function alsoCompared(report: Report): readonly AlsoCompared[] {
  return report.comparisons.slice(1).map(({ first, second }, index) => {
    const pair = pairReport(report, index + 1)
    return {
      first,
      second,
      level: pair.loads.map(intervalLevel).find((level) => level !== null) ?? null,
      verdicts: pair.loads.map((load) => ({
        load: load.label,
        sentence: verdictSentence(load),
      })),
      rows: pair.loads.flatMap((load) =>
        summaryRows(pair, load)
          .filter(({ label }) => SHOWN.includes(label))
          .map((row) => ({
            load: loadName(load),
            metric: row.label,
            first: row.first,
            second: row.second,
            ratio: row.ratio,
          })),
      ),
    }
  })
}

/** The other comparisons of a run: verdicts, and the figures that a reader asks for first; null when there is only one. */
export function alsoComparedSection(report: Report): Markup | null {
  const others = alsoCompared(report)
  if (others.length === 0) return null
  return html`<section id="also">
    <h2>Also compared</h2>
    ${others.map(otherMarkup)}
  </section>`
}

function otherMarkup(also: AlsoCompared): Markup {
  const { first, second, verdicts, rows } = also
  return html`<h3>${second} with ${first}</h3>
    <ul>
      ${verdicts.map(({ load, sentence }) => html`<li><strong>${load}</strong>: ${sentence}</li>`)}
    </ul>
    ${
      rows.length === 0
        ? null
        : dataTable({
            caption: `${second} with ${first}, medians over pairs`,
            corner: 'load',
            columns: ['metric', first, second, alsoRatioHeading(also)].map((text) => ({ text })),
            rows: rows.map((row) => ({
              label: row.load,
              cells: [row.metric, row.first, row.second, row.ratio],
            })),
          })
    }`
}
