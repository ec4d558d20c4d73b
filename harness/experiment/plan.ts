import { LOOKS } from '../stats/looks.ts'
import { fewestPairs } from '../stats/verdict.ts'
import { metricName } from './parse-metric.ts'
import { describeObjective } from './parse-objective.ts'
import { describeShare } from './parse-share.ts'
import type { LoadRequest, RunRequest } from './run-request.ts'

/** What a run is about to do, for people. */
export interface Plan {
  readonly lines: readonly string[]
  /** Estimated length of the run; with a precision, the longest that it can take. */
  readonly seconds: number
}

/** Spawning threads, warm-up and drain of one trial, as measured on two cores. */
const OVERHEAD_SECONDS = 1.15
/** The same with the shortest warm-up. */
const ANSWERS_ONLY_OVERHEAD_SECONDS = 0.85
const CAPACITY_OVERHEAD_SECONDS = 1.7
/** Steady state of a capacity trial, and how many of them each arm gets. */
export const CAPACITY_SECONDS = 0.3
export const CAPACITY_TRIALS = 3
/** Rounds of the inline ceiling. */
export const INLINE_ROUNDS = 3
const INLINE_SECONDS = 1.2
/** Trials of the reference arm at the middle load, and for its capacity. */
export const REFERENCE_TRIALS = 2
/** Loads that the search for an objective tries with each arm, about: doubling, then bisection to 2 %. */
const PROBES = 12

/** Whether the capacity is needed: for relative loads, to saturate, to begin a search. Else it is not measured. */
export function needsCapacity({
  loads,
  objective,
}: Pick<RunRequest, 'loads' | 'objective'>): boolean {
  return objective !== null || loads.some((load) => load.kind !== 'absolute')
}

/** The load at which the reference arm is compared: the middle one. */
export function middleLoad(loads: readonly LoadRequest[]): number {
  return Math.floor((loads.length - 1) / 2)
}

/** Seconds of the parts of a run: `pairs` of one load, or the pairs that confirm what a search found. */
interface Parts {
  readonly capacity: number
  readonly search: number
  readonly pairs: number
  readonly reference: number
}

function partsOf(request: RunRequest): Parts {
  const capacityTrial = CAPACITY_SECONDS + CAPACITY_OVERHEAD_SECONDS
  const overhead = request.answersOnly ? ANSWERS_ONLY_OVERHEAD_SECONDS : OVERHEAD_SECONDS
  const trial = request.durationSeconds + overhead
  const measured = needsCapacity(request)
  return {
    capacity: measured ? 2 * CAPACITY_TRIALS * capacityTrial + INLINE_SECONDS : 0,
    search: request.objective === null ? 0 : 2 * PROBES * trial,
    pairs: 2 * request.pairs * trial,
    reference: request.reference ? REFERENCE_TRIALS * ((measured ? capacityTrial : 0) + trial) : 0,
  }
}

/** Seconds of a run's budget that are kept for the reference arm. */
export function reservedSeconds(request: RunRequest): number {
  return partsOf(request).reference
}

/** What the run will do and about how long it will take. */
export function planRun(request: RunRequest): Plan {
  const { loads, objective, precision, reference, budgetSeconds } = request
  const parts = partsOf(request)
  const rounds = objective === null ? loads.length : 1
  const whole = parts.capacity + parts.search + rounds * parts.pairs + parts.reference
  const seconds = Math.round(Math.min(whole, budgetSeconds ?? Number.POSITIVE_INFINITY))
  const lines = [
    subjectLine(request),
    ...scenarioLines(request),
    ...traceLines(request),
    ...transportLines(request),
    verdictLine(request),
  ]
  if (parts.capacity > 0) {
    lines.push(
      `capacity of each: ${CAPACITY_TRIALS} trials with a closed window, about ${Math.round(parts.capacity)} s`,
    )
  }
  lines.push(objective === null ? loadsLine(request, parts) : searchLine(request, parts))
  if (reference) {
    lines.push(`beside them ${reference.label}, about ${Math.round(parts.reference)} s`)
  }
  lines.push(`${precision === null ? 'about' : 'at most'} ${seconds} s in all`)
  return { lines, seconds }
}

function subjectLine({ loaded, arms, cpus, virtualCores, seed }: RunRequest): string {
  const processors = `processors ${cpus.join(', ')}`
  const where =
    virtualCores === null
      ? `on ${processors}`
      : `with ${counted(virtualCores, 'virtual core')} on ${processors}`
  return `${loaded.scenario.name}: ${arms[0].label} against ${arms[1].label}, ${where}, seed ${seed}`
}

/** What the user did not say and the scenario did. */
function scenarioLines({ fromScenario = [] }: RunRequest): string[] {
  if (fromScenario.length === 0) return []
  return [`by the scenario, unless flags say otherwise: ${fromScenario.join('; ')}`]
}

/** Nothing about drawn requests: they are the default. */
function traceLines({ loaded: { log }, durationSeconds }: RunRequest): string[] {
  if (log === undefined) return []
  const { file, keys, keyCount, perSecond } = log
  const played = Math.ceil(perSecond * durationSeconds)
  const share =
    played < keys.length ? `the first ${played.toLocaleString('en')} of them` : 'all of them'
  const pace = `${perSecond.toLocaleString('en', { maximumSignificantDigits: 3 })}/s by themselves`
  return [
    `requests of ${file}: ${keys.length.toLocaleString('en')} of ${keyCount.toLocaleString('en')} keys, ${pace}; at that pace a trial of ${durationSeconds} s plays ${share}`,
  ]
}

/** Nothing about replayed arrivals: they are the default. */
function transportLines({ transport, cpus }: RunRequest): string[] {
  if (transport.kind === 'replay') return []
  const { host, firstTcpPort, connections, pipelining, clientCpus } = transport
  const depth = pipelining === 1 ? '' : `, ${pipelining} requests in flight on each`
  const client =
    clientCpus.length === 0
      ? `co-located: client and servers share processors ${cpus.join(', ')}`
      : `client on processor ${clientCpus.join(', ')}`
  return [
    `over HTTP to ${host}, TCP ports from ${firstTcpPort} on, ${counted(connections, 'connection')}${depth}; ${client}`,
  ]
}

function verdictLine(request: RunRequest): string {
  const { metric, level, pairs, objective, loads } = request
  if (request.answersOnly) return 'right answers are all that it is about: no verdict'
  if (objective !== null) return 'search within the objective: ranges, no verdict'
  const share = describeShare(level)
  const needed = fewestPairs(level)
  if (pairs < needed)
    return `no verdict: ${counted(pairs, 'pair')} of the ${needed} that ${share} needs`
  const judgesThroughput = loads.some((load) => load.kind === 'max') && isLatency(metric)
  return `verdict on ${metricName(metric)}${judgesThroughput ? ' (throughput at max)' : ''} at ${share}`
}

function isLatency(metric: RunRequest['metric']): boolean {
  return metric !== 'achievedPerSecond' && metric !== 'cpuPerRequest'
}

function loadsLine({ loads, pairs, precision, durationSeconds }: RunRequest, parts: Parts): string {
  const labels = loads.map((load) => load.label).join(', ')
  const seconds = `${Math.round(parts.pairs)} s per load`
  if (precision === null) {
    return `loads ${labels}: ${counted(pairs, 'pair')} of ${durationSeconds} s each, about ${seconds}`
  }
  return `loads ${labels}: ${LOOKS[0]} to ${pairs} pairs of ${durationSeconds} s each, until ±${describeShare(precision)}, at most ${seconds}`
}

function searchLine(request: RunRequest, { search, pairs }: Parts): string {
  const objective = request.objective === null ? '' : describeObjective(request.objective)
  return `search of the highest load with ${objective}, then ${counted(request.pairs, 'pair')} of ${request.durationSeconds} s to confirm it: about ${Math.round(search + pairs)} s`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
