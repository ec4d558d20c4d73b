import type { PairReport } from '../results/compared-pair.ts'
import { METRIC_LABELS } from './metric-label.ts'
import { objectiveRatioText, objectiveRows, objectiveTitle } from './objective-rows.ts'
import { plainTable } from './plain-table.ts'
import type { Paint } from './terminal-table.ts'
import { indented } from './terminal-text.ts'

const LOAD_COLUMNS = 23
const KEPT_COLUMNS = 8
const LATENCY_COLUMNS = 26

/** The highest load of each arm within the objective, the sentence first; empty when none was searched. */
export function objectiveSection(report: PairReport, columns: number, paint: Paint): string {
  const { objective } = report
  if (objective === null) return ''
  const ratio = objectiveRatioText(report, objective)
  const table = plainTable(
    [
      {
        heading: 'arm',
        width: columns - LOAD_COLUMNS - KEPT_COLUMNS - LATENCY_COLUMNS,
        align: 'left',
      },
      { heading: 'highest load', width: LOAD_COLUMNS },
      { heading: 'kept', width: KEPT_COLUMNS },
      { heading: `${METRIC_LABELS[objective.percentile]} there`, width: LATENCY_COLUMNS },
    ],
    objectiveRows(report, objective).map(({ label, load, kept, latency }) => [
      label,
      load,
      kept,
      latency,
    ]),
  )
  return [
    objectiveTitle(objective),
    paint('bold', indented(objective.sentence, columns)),
    table,
    ...(ratio === null ? [] : [indented(ratio, columns)]),
  ].join('\n')
}
