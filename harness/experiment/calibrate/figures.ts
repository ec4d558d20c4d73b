import {
  type CalibrationRow,
  type Claim,
  type ClaimVerdict,
  PAIR_ROWS,
  type PairRow,
  SINGLE_ROWS,
  type SingleRow,
} from '../../results/calibrate.ts'
import type { Estimate } from '../../results/schema.ts'
import {
  type Interval,
  medianInterval,
  medianRatio,
  rankPercentile,
} from '../../stats/intervals.ts'
import { estimated } from '../ratios.ts'
import { type MeasurementName, ROW_SPECS } from './rows.ts'

/** What one round found, in nanoseconds. */
export interface RoundFigure {
  readonly p50Ns: number
  readonly p99Ns: number
}

/** The figures of all rounds so far, and why some measurements have none. */
export class Figures {
  readonly #rounds = new Map<MeasurementName, RoundFigure[]>()
  readonly #absent = new Map<MeasurementName, string>()

  add(name: MeasurementName, figure: RoundFigure): void {
    const rounds = this.#rounds.get(name)
    if (rounds === undefined) this.#rounds.set(name, [figure])
    else rounds.push(figure)
  }

  /** This machine cannot measure it. */
  setAbsent(name: MeasurementName, why: string): void {
    this.#absent.set(name, why)
  }

  /** Empty when nothing was measured. */
  roundsOf(name: MeasurementName): readonly RoundFigure[] {
    return this.#rounds.get(name) ?? []
  }

  /** Why it could not be measured; undefined when it could. */
  whyAbsent(name: MeasurementName): string | undefined {
    return this.#absent.get(name)
  }
}

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
function roundsNs(
  figures: Figures,
  name: SingleRow | PairRow,
  figure: keyof RoundFigure = 'p50Ns',
): number[] {
  const { share = 1 } = ROW_SPECS[name]
  return figures.roundsOf(measurementOf(name)).map((round) => round[figure] * share)
}

function estimateOf(valuesNs: readonly number[]): Estimate | null {
  if (valuesNs.length === 0) return null
  return estimated(medianInterval(valuesNs, LEVEL), valuesNs.length, 'ns')
}

function whyAbsent(figures: Figures, name: SingleRow | PairRow): string | undefined {
  return figures.whyAbsent(measurementOf(name))
}

function measurementOf(name: SingleRow | PairRow): MeasurementName {
  return name === 'wake-up-round-trip' ? 'thread-hop' : name
}

const MOST_SAMPLES = 1 << 15

/** What one turn of an exercise measured, in nanoseconds. Allocates once. */
export class Samples {
  readonly #valuesNs = new Float64Array(MOST_SAMPLES)
  #count = 0

  get isFull(): boolean {
    return this.#count === MOST_SAMPLES
  }

  add(ns: number): void {
    this.#valuesNs[this.#count++] = ns
  }

  clear(): void {
    this.#count = 0
  }

  /** At least one value must be there. About 5 ms for all that fit. */
  summary(): RoundFigure {
    const sorted = this.#valuesNs.slice(0, this.#count).toSorted()
    return { p50Ns: rankPercentile(sorted, 0.5), p99Ns: rankPercentile(sorted, 0.99) }
  }
}

const THRESHOLD = 10

/** Waking a thread of another processor, and the switch alone, both threads on one: the claim must hold for the cheaper. */
const THREAD_SWITCHES: readonly PairRow[] = ['thread-hop', 'thread-switch']
const TASK_SWITCHES: readonly SingleRow[] = ['callback', 'generator-switch', 'microtask-switch']

/** Claim C15 on this machine. */
export function judgeSwitching(figures: Figures): Claim {
  const comparisons = THREAD_SWITCHES.flatMap((numerator) =>
    TASK_SWITCHES.map((denominator) => {
      const [above, below] = [roundsNs(figures, numerator), roundsNs(figures, denominator)]
      const ratio =
        above.length === 0 || below.length === 0 ? null : medianRatio(above, below, LEVEL)
      return {
        numerator: labelOf(numerator),
        denominator: labelOf(denominator),
        ratio: ratio && estimated(ratio, Math.min(above.length, below.length), '×'),
        verdict: verdictOf(ratio),
      }
    }),
  )
  return {
    id: 'C15',
    statement: 'switching tasks in user space is far cheaper than switching kernel threads',
    threshold: THRESHOLD,
    // What could not be measured says nothing.
    verdict: jointVerdict(comparisons.filter(({ ratio }) => ratio !== null)),
    comparisons,
  }
}

/** Confirmed or refuted only when the whole interval lies on one side of the threshold, and has its level. */
export function verdictOf(ratio: Interval | null): ClaimVerdict {
  if (ratio === null || ratio.level < LEVEL) return 'undecided'
  if (ratio.lower >= THRESHOLD) return 'confirmed'
  return ratio.upper < THRESHOLD ? 'refuted' : 'undecided'
}

/** All must hold; one that does not is enough. */
function jointVerdict(comparisons: readonly { readonly verdict: ClaimVerdict }[]): ClaimVerdict {
  const verdicts = comparisons.map(({ verdict }) => verdict)
  if (verdicts.includes('refuted')) return 'refuted'
  return verdicts.length === 0 || verdicts.includes('undecided') ? 'undecided' : 'confirmed'
}
