import { pairReport } from '../../results/compared-pair.ts'
import type { Report } from '../../results/schema.ts'
import { formatShare } from '../../words/format.ts'
import { METRIC_LABELS } from '../../words/metrics.ts'
import { type Section, tableBlock, type ViewTable } from '../view/view.ts'
import { verdictSentence } from './notices.ts'
import { loadName } from './pair-figures.ts'
import type { Subject } from './subject.ts'
import { intervalLevel, summaryRows } from './summary-rows.ts'

/** Of the metrics: what a reader asks for first. */
const SHOWN: readonly string[] = [METRIC_LABELS.p50, METRIC_LABELS.p99]

/** A comparison of a run beside the one that its report is about. */
interface AlsoCompared {
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
function alsoRatioHeading({ first, second, level }: AlsoCompared): string {
  return `${second} ÷ ${first}${level === null ? '' : ` (${formatShare(level)})`}`
}

/** Every comparison but the first, in the order of the report; empty where there is only one. */
function alsoCompared(report: Report): readonly AlsoCompared[] {
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

/** Widths on a terminal. */
const LOAD_COLUMNS = 18
const METRIC_COLUMNS = 6
const RATIO_COLUMNS = 26

/** The other comparisons of a run: verdicts, and the figures that a reader asks for first; none when there is only one. */
export function alsoSections({ report, medium }: Subject): readonly Section[] {
  const others = alsoCompared(report).map((also) => ({
    title: `${also.second} with ${also.first}`,
    // A terminal has them beside the others.
    verdicts:
      medium === 'terminal'
        ? []
        : [
            {
              kind: 'list' as const,
              items: also.verdicts.map(({ load, sentence }) => ({ label: load, text: sentence })),
            },
          ],
    tables: also.rows.length === 0 ? [] : [tableBlock(tableOf(also))],
  }))
  if (medium !== 'page')
    return others.map(({ title, verdicts, tables }) => ({
      title: `Also compared: ${title}, medians over pairs`,
      blocks: [...verdicts, ...tables],
    }))
  if (others.length === 0) return []
  const blocks = others.flatMap(({ title, verdicts, tables }) => [
    { kind: 'heading' as const, text: title },
    ...verdicts,
    ...tables,
  ])
  return [{ id: 'also', title: 'Also compared', blocks }]
}

function tableOf(also: AlsoCompared): ViewTable {
  const { first, second, rows } = also
  return {
    caption: `${second} with ${first}, medians over pairs`,
    corner: 'load',
    widestLabel: LOAD_COLUMNS,
    columns: [
      { heading: 'metric', shortHeading: '', width: METRIC_COLUMNS, align: 'left' },
      { heading: first },
      { heading: second },
      {
        heading: alsoRatioHeading(also),
        shortHeading: alsoRatioHeading({ ...also, first: 'first', second: 'second' }),
        width: RATIO_COLUMNS,
      },
    ],
    rows: rows.map((row) => [row.load, row.metric, row.first, row.second, row.ratio]),
  }
}
