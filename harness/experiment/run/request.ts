import type {
  LoadRequest,
  ObjectiveRequest,
  TransportRequest,
  WithinRequest,
} from '../../asked/requests.ts'
import type { Arm } from '../../contract/architecture.ts'
import type { ComparedArms, ComparisonName, Latency, Report, Trial } from '../../results/schema.ts'
import type { AskedMeasurement } from '../rounds/begun.ts'
import type { Hooks } from '../rounds/pacing.ts'

/** Everything that decides what a run does. */
export interface RunRequest extends AskedMeasurement {
  /** Two to four; every round deploys all of them. */
  readonly arms: readonly Arm[]
  /** By label: what is compared with what, at least one; the first is what the report is about. */
  readonly comparisons: readonly ComparedArms[]
  readonly loads: readonly LoadRequest[]
  /** Rounds, each with a set at each load; with `precision` the most. */
  readonly rounds: number
  /** What verdicts are about; at `max` throughput is, when this is a latency. */
  readonly metric: ComparisonName
  /** How soon an answer must come to be useful. @default null: that is not said, and goodput not measured */
  readonly within?: WithinRequest | null
  /** Add rounds (8, 16, 32, 64) until the metric's interval reaches at most so far from its estimate, e.g. 0.1; null for a fixed number. */
  readonly precision: number | null
  /** Search the highest load within this objective instead of comparing at `loads`; null not to. */
  readonly objective: ObjectiveRequest | null
  /** How requests reach the servers. */
  readonly transport: TransportRequest
  /** Threads in place of processors, for scenarios whose service is a blocking wait; null for one per processor. */
  readonly virtualCores: number | null
  /** Folder in which `crossover validate` left this machine's A/A band, if it did: where reports go. */
  readonly machineFolder: string
  readonly profile: string
  /** One arm's services take this many times as long: what a validation plants. @default none */
  readonly planted?: { readonly label: string; readonly factor: number }
  /** Flags of the runtime for the processes of these arms, by label. @default those of all servers */
  readonly flags?: Readonly<Record<string, readonly string[]>>
  /** What the scenario's defaults decided, for people: `loads 10%,20%`. @default nothing */
  readonly fromScenario?: readonly string[]
}

/** What a run tells while it goes on. `report` is whole after every event and can be saved as it is. */
export type RunEvent =
  | {
      /** What is done to the servers of a round before anything is measured, for people: `starting servers`. */
      readonly kind: 'round'
      /** Counted from 1. */
      readonly round: number
      readonly of: number
      readonly doing: string
      /** Null when it concerns all of them. */
      readonly arm: string | null
    }
  | {
      /** The search of what an arm sustains in a round: before it, with null, and afterwards. */
      readonly kind: 'capacity'
      readonly arm: string
      readonly round: number
      readonly of: number
      readonly perSecond: number | null
    }
  | {
      readonly kind: 'trial-started'
      readonly load: string
      readonly round: number
      readonly of: number
      readonly arm: string
      /** Number of the attempt at this set: 1, 2 or 3. */
      readonly attempt: number
      /** Why the set is played again; null at the first attempt. */
      readonly cause: string | null
    }
  | {
      readonly kind: 'trial-ended'
      readonly load: string
      readonly round: number
      readonly of: number
      readonly trial: Trial
    }
  | { readonly kind: 'verdict'; readonly load: string; readonly sentence: string }
  | {
      /** A trial failed a gate of the machine's or the runtime's, and its whole set is played again. */
      readonly kind: 'repeated'
      readonly load: string
      readonly round: number
      readonly arm: string
      /** The gate's name. */
      readonly gate: string
      /** Number of the attempt that now begins: 2 or 3. */
      readonly attempt: number
    }
  | {
      /** A load that the search for an objective tries: before it is measured, with nulls, and afterwards. */
      readonly kind: 'probe'
      readonly arm: string
      readonly offeredPerSecond: number
      readonly latency: Latency | null
      readonly kept: boolean | null
    }

export type RunHooks = Hooks<RunEvent, Report>
