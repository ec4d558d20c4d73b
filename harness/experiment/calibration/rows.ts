import {
  type CalibrationRow,
  PAIR_ROWS,
  type PairRow,
  SINGLE_ROWS,
  type SingleRow,
} from '../../results/calibration.ts'
import type { Estimate } from '../../results/schema.ts'
import type { Interval } from '../../stats/signed-rank.ts'
import { medianInterval } from '../../stats/median-interval.ts'
import type { Figures, RoundFigure } from './figures.ts'
import type { MeasurementName } from './measurements.ts'
import { ROW_SPECS } from './row-specs.ts'

const LEVEL = 0.95

/** The table of a calibration, also of one that is not done. @param processors that its threads had. */
export function rowsOf(figures: Figures, processors: number): CalibrationRow[] {
  return [...SINGLE_ROWS, ...PAIR_ROWS].map((name) => {
    const { label, sleeps, inPrinciple, crosses } = ROW_SPECS[name]
    const isComparable = processors > 1 || crosses !== true
    const medians = roundsNs(figures, name, 'p50Ns')
    const tails = sleeps === true ? roundsNs(figures, name, 'p99Ns') : []
    return {
      name,
      label,
      median: estimateOf(medians),
      p99: estimateOf(tails),
      inPrinciple:
        inPrinciple && isComparable ? { ns: inPrinciple[0], source: inPrinciple[1] } : null,
      note: medians.length > 0 ? '' : (whyAbsent(figures, name) ?? 'not reached'),
    }
  })
}

/** What a row is called. */
export function labelOf(name: SingleRow | PairRow): string {
  return ROW_SPECS[name].label
}

/** A row's values, one per round, in nanoseconds. */
export function roundsNs(
  figures: Figures,
  name: SingleRow | PairRow,
  figure: keyof RoundFigure = 'p50Ns',
): number[] {
  const { share = 1 } = ROW_SPECS[name]
  return figures.roundsOf(measurementOf(name)).map((round) => round[figure] * share)
}

/** An interval as it is stored; one value has none. */
export function toEstimate(interval: Interval, n: number, unit: string): Estimate {
  return { ...interval, level: n > 1 ? interval.level : null, n, unit }
}

function estimateOf(valuesNs: readonly number[]): Estimate | null {
  if (valuesNs.length === 0) return null
  return toEstimate(medianInterval(valuesNs, LEVEL), valuesNs.length, 'ns')
}

function whyAbsent(figures: Figures, name: SingleRow | PairRow): string | undefined {
  return figures.whyAbsent(measurementOf(name))
}

function measurementOf(name: SingleRow | PairRow): MeasurementName {
  return name === 'wake-up-round-trip' ? 'thread-hop' : name
}
