import type { ParameterSpecs, Scenario } from '../contract/scenario.ts'
import type { ObjectivePercentile, Report } from '../results/schema.ts'
import type { RequestLog } from '../workload/request-log.ts'

/** An offered load at which latencies are compared, the same for all: a share of what the smallest arm sustains, or so many. */
export type SingleLoad =
  | { readonly kind: 'percent'; readonly label: string; readonly percent: number }
  | { readonly kind: 'absolute'; readonly label: string; readonly perSecond: number }

/** An offered load as the user asked for it. */
export type LoadRequest =
  | SingleLoad
  /** Each arm gets this share of what it sustains itself. */
  | { readonly kind: 'each'; readonly label: string; readonly percent: number }
  /** The same for all: the busiest shard gets this share of what a shard sustains where keys and clients are even. */
  | { readonly kind: 'busiest'; readonly label: string; readonly percent: number }
  | { readonly kind: 'max'; readonly label: 'max' }

/** A scenario with the address by which worker threads import it and the parameter values of this run. */
export interface LoadedScenario {
  /** `file:` URL of the module. */
  readonly url: string
  readonly scenario: Scenario<ParameterSpecs>
  readonly params: Readonly<Record<string, number | string>>
  /** SHA-256, hexadecimal, of its file and of those that it imports by a relative path, by their paths from its folder. @default not known */
  readonly sources?: Readonly<Record<string, string>>
  /** Requests that are played in place of drawn ones; its records are those of the workload. @default drawn ones */
  readonly log?: RequestLog
}

/** A transport, as the report tells it. */
export type TransportRequest = Report['run']['transport']

/** The time within which an answer is useful: so long, or so many times the largest p99 of any arm at the first load. */
export type WithinRequest = { readonly text: string } & (
  | { readonly kind: 'time'; readonly ns: number }
  | { readonly kind: 'times'; readonly factor: number }
)

/** A service-level objective: the percentile must not be above the limit. */
export interface ObjectiveRequest {
  readonly percentile: ObjectivePercentile
  readonly limitNs: number
}
