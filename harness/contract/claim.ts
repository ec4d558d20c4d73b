/*
 * A claim and its criterion, as data beside the scenario that tests it: which servers are played, what is computed of them, and which
 * figures confirm it or refute it. Limits are set before anything is measured.
 */

/** What a trial of a cell is asked for, by the names that `--metric` takes where it has them. */
export const CRITERION_METRICS = [
  'p50',
  'p90',
  'p99',
  'p99.9',
  'max',
  /** p99.9 − p50. */
  'spread',
  'throughput',
  'goodput',
  /** CPU time per request. */
  'cpu',
  /** Of the requests due. */
  'answeredShare',
  /** Per request, as all that follows up to `lockWait`, which is a time. */
  'switches',
  'parks',
  'wakeUps',
  'handoffs',
  'messages',
  'minorFaults',
  'majorFaults',
  'lockWait',
  /** Parts of the latency of the slowest 1 % of the requests, 0 … 1: attribution’s. */
  'lockWaitShare',
  'queueWaitShare',
  'serviceShare',
  /** Median latency beyond the declared wait, as a share of that wait. */
  'beyondWait',
  /** How much longer declared waits took than was asked, as a share of that. */
  'waitLateness',
  /** Share of 100-ms windows whose p99 is above 1 ms. */
  'lateWindows',
  /** Stalls that the trace planted, those of them that the arm’s detector named with their stage, and those that it named besides. */
  'stallsPlanted',
  'stallsNamed',
  'stallsBesides',
] as const
export type CriterionMetric = (typeof CRITERION_METRICS)[number]

/** A server at a load: all cells of a criterion are played in every round, on fresh deployments, in a balanced order. */
export interface Cell {
  /** As behind `--arms`, one of them: `sharded:batch=1`. */
  readonly arm: string
  /** Of the scenario. @default its defaults */
  readonly params?: Readonly<Record<string, number | string>>
  /** Requests per second (`1000/s`), a share of capacity (`20%`), or `max`: a closed window, for throughput. */
  readonly load: string
  /**
   * What a share is a share of: what this very server sustains (`own`), what the named cell’s does, or the least that any server
   * of the criterion’s cells with a share does (`smallest`), so that all are offered the same. @default 'smallest'
   */
  readonly loadOf?: string
  /** Processors, the first of those that are given; `all` of them. @default 'all' */
  readonly cores?: number | 'all'
  /**
   * Threads in place of processors: services must be blocking waits, or so many are fewer than the processors, of which threads that no
   * core has then take the rest. @default none
   */
  readonly virtualCores?: number
}

/** What a cell’s trial of a round says. */
export interface CellMetric {
  /** Name of the cell. */
  readonly cell: string
  readonly metric: CriterionMetric
  /** Of these requests alone, where the workload has classes; latencies only. @default all requests */
  readonly class?: string
}

/** A metric of a cell; of one class of requests where it is said. */
export function metricOf(cell: string, metric: CriterionMetric, ofClass?: string): CellMetric {
  return { cell, metric, ...(ofClass !== undefined && { class: ofClass }) }
}

/** A metric of one cell ÷ the same of another. */
export function ratioOf(
  metric: CriterionMetric,
  first: string,
  second: string,
  ofClass?: string,
): { readonly ratio: readonly [CellMetric, CellMetric] } {
  return { ratio: [metricOf(first, metric, ofClass), metricOf(second, metric, ofClass)] }
}

/** How much a metric grows per unit of a parameter: the slope of least squares through cells that differ in it. */
export interface Growth {
  /** The parameter; each cell’s value is its place on the axis. */
  readonly over: string
  /** At least two, of different values. */
  readonly cells: readonly string[]
  readonly metric: CriterionMetric
  readonly class?: string
}

/** What is computed of the cells of one round. */
export type RoundFigure =
  | CellMetric
  /** First ÷ second. */
  | { readonly ratio: readonly [RoundFigure, RoundFigure] }
  /** First − `times` × second. @default times 1 */
  | { readonly difference: readonly [RoundFigure, RoundFigure]; readonly times?: number }
  | { readonly growth: Growth }
  /** How much of the gap from one figure to another `by` has closed, on a scale of ratios: ln(by ÷ from) ÷ ln(to ÷ from). */
  | {
      readonly share: {
        readonly from: RoundFigure
        readonly by: RoundFigure
        readonly to: RoundFigure
      }
    }

/**
 * What is estimated over rounds. `largest` and `smallest` are over a grid: each of its figures is estimated over rounds, and the
 * interval is that of the extreme one, wide enough for as many looks at once.
 */
export type FigureOf =
  | RoundFigure
  | { readonly largest: readonly RoundFigure[] }
  | { readonly smallest: readonly RoundFigure[] }

/** Units of figures; what is measured is converted. */
export const FIGURE_UNITS = ['×', '%', '', 'ns', 'µs', 'ms', '/s'] as const
export type FigureUnit = (typeof FIGURE_UNITS)[number]

/** Where an interval must lie, all of it; in the figure’s unit. */
export type Limit =
  | { readonly above: number }
  | { readonly below: number }
  /** From the first to the second. */
  | { readonly within: readonly [number, number] }
  /** Below the first or above the second. */
  | { readonly outside: readonly [number, number] }

/** A figure of a criterion. */
export interface CriterionFigure {
  /** As a reader names it: `p99, all keys remote ÷ all local`. */
  readonly name: string
  readonly unit: FigureUnit
  readonly of: FigureOf
  /** Without it the figure has no part in confirming. */
  readonly confirmed?: Limit
  /** Without it the figure has no part in refuting. */
  readonly refuted?: Limit
}

/** What must surely hold (the whole interval) before the figures say anything: else the claim is not testable here. */
export interface Condition {
  /** As a reader names it: `switches per request, 16 threads ÷ 1`. */
  readonly name: string
  readonly unit: FigureUnit
  readonly of: FigureOf
  readonly holds: Limit
}

/** What a machine must have, else the claim is not testable there. */
interface Needs {
  /** Processors that the servers may use. */
  readonly processors?: number
  /** Nodes of memory. */
  readonly memoryNodes?: number
}

interface CriterionBase {
  /** A row of the table of claims, `C05`, with a word where a row has several (`C21-staged`); or a user’s own. */
  readonly id: string
  /** The claim in plain words, a sentence. */
  readonly claim: string
  /** Where it comes from. */
  readonly source?: string
  /** @default nothing besides */
  readonly needs?: Needs
}

/** Microseconds, or so many times the largest of these latencies, each its median over rounds: one time for all cells. */
export type UsefulTime =
  | { readonly micros: number }
  | { readonly times: number; readonly largest: readonly CellMetric[] }

/**
 * Rounds of all cells that choose, of the grid that the first figure is, the figures of which more rounds are worth their time. These
 * rounds are part of no interval.
 */
interface Screen {
  /** At least one; even, so that no order comes more often than its reverse. */
  readonly rounds: number
  /**
   * So many of the largest go on, and as many of the smallest: together fewer than the grid has. The interval of the largest is one
   * over these alone, that of the smallest over those.
   */
  readonly keep: number
}

/** Decided by cells. */
export interface CellCriterion extends CriterionBase {
  /** By name. */
  readonly cells: Readonly<Record<string, Cell>>
  /**
   * Those with a limit decide: the claim is confirmed when all that have `confirmed` are, and refuted when `refutedBy` of those that
   * have `refuted` are. The others stand beside them. The first has a limit.
   */
  readonly figures: readonly CriterionFigure[]
  /** @default 'any' */
  readonly refutedBy?: 'any' | 'all'
  /** @default none */
  readonly onlyIf?: readonly Condition[]
  /**
   * Steady states are so many times as long as others, 1 … 8: where a high percentile of an unsaturated load decides, which one
   * preemption of 3 ms fills in a short one. @default 1
   */
  readonly durationTimes?: number
  /**
   * Rounds, those of a screen not counted, in place of the default profile's: more where one that was disturbed moves the interval over
   * a limit, fewer where it lies far from all. Even, so that no order comes more often than its reverse, and at least as many as an
   * interval of 95 % takes; `--rounds` and other profiles go before it. @default 8
   */
  readonly rounds?: number
  /** @default all cells are played in every round */
  readonly screen?: Screen
  /** The time within which an answer is useful: `goodput` counts no others. @default none: nothing asks for goodput */
  readonly usefulWithin?: UsefulTime
}

/**
 * Decided by another measurement: `calibrate` gives the smallest ratio of a switch of threads to a switch of tasks; `queueing` the
 * largest error of a response time against the exact recursions, as a share of what they say.
 */
export interface MeasuredCriterion extends CriterionBase {
  readonly by: 'calibrate' | 'queueing'
  readonly figures: readonly [Omit<CriterionFigure, 'of'>]
}

/** That no experiment on one machine can decide. */
interface UntestableCriterion extends CriterionBase {
  /** Why, and what it would take: half a sentence. */
  readonly untestable: string
}

/** A claim and what decides about it. */
export type Criterion = CellCriterion | MeasuredCriterion | UntestableCriterion
