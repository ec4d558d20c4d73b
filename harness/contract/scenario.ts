import type { Criterion } from './claim.ts'
import type { Stage } from './stage.ts'
import type { Workload } from './workload.ts'

/** What a scenario module exports, and what its stages see. A scenario never names a thread, a lock or a shard. */

/** One typed, bounded parameter of a scenario; each can be set by `--param name=value`. */
export type ParameterSpec =
  | {
      readonly kind: 'number'
      readonly default: number
      readonly minimum: number
      readonly maximum: number
      /** e.g. `keys`, `bytes`, `%`, `µs`; printed behind every value. */
      readonly unit: string
      readonly description: string
      /** @default false */
      readonly integer?: boolean
    }
  | {
      readonly kind: 'choice'
      readonly default: string
      readonly choices: readonly string[]
      readonly description: string
    }

export type ParameterSpecs = Readonly<Record<string, ParameterSpec>>

/** The values a run uses: every parameter of the scenario, with the user's changes applied. */
export type ParameterValues<S extends ParameterSpecs> = {
  readonly [Name in keyof S]: S[Name] extends { readonly kind: 'number' }
    ? number
    : S[Name] extends { readonly kind: 'choice' }
      ? string
      : number | string
}

/** What was answered, by key, as the ports saw it. Built after the drain. */
export interface Totals {
  /** Keys that have or may have a record: those of the insert room, which have version 0 until they are inserted, included. */
  readonly recordCount: number
  /** Updates, inserts and read-modify-writes of the key that were answered with success, warm-up included. */
  answeredUpdates(keyIndex: number): number
  /** The largest version that any reply of the key carried; 0 when it had none. */
  largestVersion(keyIndex: number): number
  /** What the key's record holds now. */
  finalVersion(keyIndex: number): number
  finalChecksum(keyIndex: number): number
  /** The checksum that a value of this key and version must have. */
  expectedChecksum(keyIndex: number, version: number): number
}

/** What the author believes will happen, written down before measuring. */
export interface Prediction {
  readonly winner: 'staged' | 'sharded' | 'none'
  /**
   * Which layout of staged it speaks of: large pools with handoffs (`classic`), one pool whose threads run the next stage themselves
   * (`fused`), or either. It is judged at every load against each arm that it speaks of, and against no other. @default 'both'
   */
  readonly about?: 'classic' | 'fused' | 'both'
  /** No difference that matters confirms it, too. @default false */
  readonly orTie?: boolean
  readonly because: string
}

/** How a run compares the scenario where the user does not say, in the words of the command line. */
export interface ComparisonDefaults {
  /** As behind `--arms`. @default 'staged,staged:layout=fused,sharded' */
  readonly arms?: string
  /** As behind `--loads`. @default the profile's */
  readonly loads?: string
  /** As behind `--metric`. @default 'p99' */
  readonly metric?: string
  /** As behind `--within`: how soon an answer must come to be useful, `20ms`. @default no time: goodput is not measured */
  readonly within?: string
  /** Processors to use, the first of those that the run may use; 0 for all. @default 0 */
  readonly cores?: number
  /** As behind `--virtual-cores`: services must be blocking waits. */
  readonly virtualCores?: number
}

export interface Scenario<S extends ParameterSpecs = ParameterSpecs> {
  /** Lower-case words joined by `-`; the same as the file's name. */
  readonly name: string
  /** The question it answers, in one sentence. */
  readonly question: string
  /** The row of the claims table, e.g. `C03`, when there is one. */
  readonly claim?: string
  /** What `crossover claims` tests with it. */
  readonly criteria?: readonly Criterion[]
  readonly prediction?: Prediction
  /**
   * What it is about; pages over many scenarios group them by it. Those of crossover say `stages and handoffs`, `locks`,
   * `waiting and polling`, `devices and blocking`, `memory and caches`, `skew`, `overload` or `scheduling`; any other text is a
   * group of its own. @default none
   */
  readonly theme?: string
  readonly params: S
  readonly defaults?: ComparisonDefaults
  /**
   * Each trial gets a fresh server: for a scenario whose module keeps something from one trial to the next that it should not.
   * A deployment plays many trials otherwise; tables, counters and versions begin anew with each. @default false
   */
  readonly fresh?: boolean
  /** Sweeps that answer the question, as behind `crossover sweep <name> --over`, e.g. `theta=0..1.2`. */
  readonly sweeps?: readonly string[]
  workload(params: ParameterValues<S>): Workload
  stages(params: ParameterValues<S>): readonly Stage[]
  /** What must hold after the drain: the first thing that does not, as a sentence, or undefined. */
  verify(totals: Totals): string | undefined
}

/** Gives a scenario its type; returns it unchanged. A scenario module's default export. */
export function defineScenario<const S extends ParameterSpecs>(scenario: Scenario<S>): Scenario<S> {
  return scenario
}
