import type { CalibrationRow, Claim } from '../results/calibration.ts'
import type { Estimate } from '../results/schema.ts'
import { formatEstimate, formatTime, RATIO, TIME } from './format.ts'
import { plainTable } from './plain-table.ts'

const NOT_MEASURED = 'not available'

const MEDIAN_COLUMNS = 24
const ROUNDS_COLUMNS = 4
const IN_PRINCIPLE_COLUMNS = 13
/** With and without the interval of the 99th percentile: there is room for it on a wide terminal. */
const TAIL_COLUMNS = { wide: 24, narrow: 10 }
const WIDE = 96
const RATIO_COLUMNS = 26
const VERDICT_COLUMNS = 11

/** Costs, one row per building block. @param hasTails whether some of them sleep. */
export function costTable(
  rows: readonly CalibrationRow[],
  hasTails: boolean,
  columns: number,
): string {
  const isWide = columns >= WIDE
  const tailColumns = hasTails ? (isWide ? TAIL_COLUMNS.wide : TAIL_COLUMNS.narrow) : 0
  const taken = MEDIAN_COLUMNS + tailColumns + ROUNDS_COLUMNS + IN_PRINCIPLE_COLUMNS
  const tail = (p99: Estimate | null) =>
    p99 === null ? '' : isWide ? formatEstimate(p99, TIME) : formatTime(p99.value)
  return plainTable(
    [
      { heading: 'building block', width: columns - taken, align: 'left' },
      { heading: 'median', width: MEDIAN_COLUMNS },
      ...(hasTails ? [{ heading: 'p99', width: tailColumns }] : []),
      { heading: 'n', width: ROUNDS_COLUMNS },
      { heading: 'in principle', width: IN_PRINCIPLE_COLUMNS },
    ],
    rows.map(({ label, median, p99, inPrinciple }) => [
      label,
      median === null ? NOT_MEASURED : formatEstimate(median, TIME),
      ...(hasTails ? [tail(p99)] : []),
      median === null ? '' : String(median.n),
      inPrinciple === null ? '' : formatTime(inPrinciple.ns),
    ]),
  )
}

/** The ratios that a claim rests on. */
export function claimTable({ comparisons }: Claim, columns: number): string {
  return plainTable(
    [
      {
        heading: 'comparison',
        width: columns - RATIO_COLUMNS - VERDICT_COLUMNS,
        align: 'left',
      },
      { heading: 'ratio', width: RATIO_COLUMNS },
      { heading: 'verdict', width: VERDICT_COLUMNS },
    ],
    comparisons.map(({ numerator, denominator, ratio, verdict }) => [
      `${numerator} ÷ ${denominator}`,
      ratio === null ? NOT_MEASURED : formatEstimate(ratio, RATIO),
      verdict,
    ]),
  )
}
