import type { PairLoad, PairReport } from '../results/compared-pair.ts'
import { attributionRows, BAND_LABELS, slowestCauses, unsampledText } from './attribution-rows.ts'
import { loadName } from './load-shares.ts'
import { plainTable } from './plain-table.ts'
import type { Paint } from './terminal-table.ts'
import { indented, plain, wrap } from './terminal-text.ts'

const LABEL_COLUMNS = 24
const WIDEST_CELL = 11

/**
 * What requests around the median, p99 and p99.9 spent their time on, under its title; a line when too few were sampled, empty
 * when none was.
 */
export function terminalAttribution(
  report: PairReport,
  load: PairLoad,
  columns: number,
  paint: Paint,
): string {
  const unsampled = unsampledText(report, load)
  if (unsampled !== null) return wrap(plain(unsampled), columns, 0)
  const rows = attributionRows(report, load)
  if (rows.length === 0) return ''
  const cellColumns = Math.min(
    WIDEST_CELL,
    Math.floor((columns - LABEL_COLUMNS) / (2 * BAND_LABELS.length)),
  )
  const headings = report.arms.flatMap((arm) =>
    BAND_LABELS.map((band) => ({
      heading: `${plain(arm.label).split(':')[0] ?? ''} ${band}`,
      width: cellColumns,
    })),
  )
  const table = plainTable(
    [{ heading: '', width: LABEL_COLUMNS, align: 'left' }, ...headings],
    rows.map(({ label, first, second }) => [plain(label), ...first, ...second]),
  )
  return [
    paint(
      'bold',
      `Where the time went at ${plain(loadName(load))}: make-up of sampled, answered requests`,
    ),
    table,
    'Longest part of the slowest 1 %:',
    ...slowestCauses(report, load).map((line) => indented(plain(line), columns)),
  ].join('\n')
}
