import type { SetAffinity } from '../../measure/affinity.ts'
import { type Calibration, SINGLE_ROWS } from '../../results/calibrate.ts'
import type { Figures } from './figures.ts'
import { PAIR_MEASUREMENTS } from './rows.ts'

/** Rounds of one of the two parts; in each round every measurement has one slice. */
interface PartPlan {
  readonly rounds: number
  readonly sliceSeconds: number
  /** No round begins later than this after the calibration's start: on a busy machine there are fewer of them. */
  readonly endsAtSeconds: number
}

/** How the time of a calibration is spent. */
export interface CalibrationPlan {
  /** For people. */
  readonly lines: readonly string[]
  readonly seconds: number
  readonly single: PartPlan
  readonly pair: PartPlan
}

/** Waking a thread takes longer and varies more than what one thread does by itself. */
const SINGLE_SHARE = 0.4
/** Enough for intervals of 97.5 % (7 rounds) that leave out some of the outermost rounds. */
const SINGLE_ROUNDS = 25
const PAIR_ROUNDS = 13
/** Rounds before those that count: at most so many on one thread, until the compiler is done; one on two threads. */
export const MOST_WARM_UP_ROUNDS = 8
const PAIR_WARM_UP_ROUNDS = 1

/** Shares of the time at which a part ends at the latest. */
const SINGLE_END = 0.6
const PAIR_END = 1.2

/** Spends about so many seconds, warm-up and starting the threads included; at most a fifth more, and a round. */
export function planCalibration(cpus: readonly number[], seconds: number): CalibrationPlan {
  const singleSlices = (SINGLE_ROUNDS + MOST_WARM_UP_ROUNDS) * SINGLE_ROWS.length
  const pairSlices = (PAIR_ROUNDS + PAIR_WARM_UP_ROUNDS) * PAIR_MEASUREMENTS.length
  return {
    lines: [`calibration: on processors ${cpus.join(', ')}, about ${seconds} s`],
    seconds,
    single: {
      rounds: SINGLE_ROUNDS,
      sliceSeconds: (seconds * SINGLE_SHARE) / singleSlices,
      endsAtSeconds: seconds * SINGLE_END,
    },
    pair: {
      rounds: PAIR_ROUNDS,
      sliceSeconds: (seconds * (1 - SINGLE_SHARE)) / pairSlices,
      endsAtSeconds: seconds * PAIR_END,
    },
  }
}

/** What both parts of a calibration share. */
export interface CalibrationContext {
  readonly originNs: bigint
  readonly cpus: readonly number[]
  /** Null when threads cannot be pinned. */
  readonly setAffinity: SetAffinity | null
  /** Grows. */
  readonly figures: Figures
  readonly signal: AbortSignal
  /** Since the calibration's start. */
  readonly elapsedSeconds: () => number
  readonly tell: (what: string) => void
  /** Called after a round. */
  readonly save: () => void
}

/** What a calibration measures, and how long. */
export interface CalibrationRequest {
  /** The first one runs what needs one thread, the first two what needs two. */
  readonly cpus: readonly number[]
  readonly plan: CalibrationPlan
  /** The command line to repeat it. */
  readonly command: string
}

export interface CalibrationHooks {
  /** Tells what is being measured. @param doneFraction share of the planned time, 0 … 1. */
  onEvent(what: string, doneFraction: number): void
  /** Called after every round over two threads, and at the end, however it came. */
  save(calibration: Calibration): void
  readonly signal: AbortSignal
}
