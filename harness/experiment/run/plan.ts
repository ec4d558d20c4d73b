import {
  counted,
  formatPercent,
  formatQuantity,
  formatSeconds,
  formatSpan,
  formatWhole,
  PER_SECOND,
} from '../../words/format.ts'
import { LOG_LOAD } from '../../asked/loads.ts'
import { metricName } from '../../asked/quantities.ts'
import { NS_PER_SECOND } from '../../base/units.ts'
import { declaredNsOf } from '../../scenario/declared-work.ts'
import { fewestPairs, LOOKS } from '../../stats/verdict.ts'
import { CONTROLLED_SETTLE_SECONDS } from '../../trial/player.ts'
import { partOfRound } from '../../workload/request-log.ts'
import { isLatency } from '../../words/metrics.ts'
import { objectiveText } from '../../words/verdict.ts'
import type { Expectations, Plan } from '../rounds/pacing.ts'
import { lengthOf, planLines } from '../rounds/plan-lines.ts'
import { ordersOf } from '../rounds/round-orders.ts'
import { areControlled } from '../rounds/round-times.ts'
import type { RunRequest } from './request.ts'

/** What a round's parts take, as measured on two cores; the loop corrects itself by what they really take. */
const DEPLOY_SECONDS = 0.9
const WARM_UP_SECONDS = 1.6
const FIRST_CAPACITY_SECONDS = 3
const CAPACITY_SECONDS_LATER = 1.2

/** Of a trial besides its steady state: the load before it, loading of a trace, drain, check of the answers. */
const TRIAL_SECONDS = 0.3
const INLINE_SECONDS = 1.2

/** Probes of a whole search, and of one from an earlier bracket; how long the shortest is, and the longest. */
const FIRST_PROBES = 11
const PROBES_LATER = 3
const PROBE_SERVICES = 100
const SHORT_PROBE_SECONDS = 0.2
const MOST_PROBE_SECONDS = 10

/** Rounds of a sweep or an ablation that play a closed window, too. */
export const CAPACITY_TRIALS = 3

/** Rounds of the inline ceiling. */
export const INLINE_ROUNDS = 3

/** Loads that a search within an objective tries with each arm in the first round, and in later ones, about. */
const OBJECTIVE_PROBES = 14
const OBJECTIVE_PROBES_LATER = 5

/** Whoever asks for more is told how to ask for less. */
const LONG_SECONDS = 180

/** What a probe takes beyond the shortest: it lasts for a hundred mean services, where stages declare them, ten seconds at most. */
function slowProbeSeconds({ loaded: { scenario, params } }: RunRequest): number {
  const services = declaredNsOf(scenario.stages(params), scenario.workload(params)) / NS_PER_SECOND
  return Math.max(0, Math.min(MOST_PROBE_SECONDS, PROBE_SERVICES * services) - SHORT_PROBE_SECONDS)
}

/** Whether the capacity is needed: for relative loads, to saturate, to begin a search. Else it is not measured. */
export function needsCapacity({
  loads,
  objective,
}: Pick<RunRequest, 'loads' | 'objective'>): boolean {
  return objective !== null || loads.some((load) => load.kind !== 'absolute')
}

/** How long each kind of step takes where none has been made yet. */
function expectationsOf(request: RunRequest): Expectations {
  const { arms, durationSeconds } = request
  const settle = areControlled(arms) ? CONTROLLED_SETTLE_SECONDS : 0
  const isWithin = request.objective !== null
  const probe = durationSeconds + TRIAL_SECONDS + settle
  return {
    deploy: DEPLOY_SECONDS,
    'warm-up': WARM_UP_SECONDS,
    search: isWithin
      ? OBJECTIVE_PROBES * probe
      : FIRST_CAPACITY_SECONDS + FIRST_PROBES * slowProbeSeconds(request),
    capacity: isWithin
      ? OBJECTIVE_PROBES_LATER * probe
      : CAPACITY_SECONDS_LATER + PROBES_LATER * slowProbeSeconds(request),
    set: arms.length * (durationSeconds + TRIAL_SECONDS + settle),
    aside: INLINE_SECONDS,
  }
}

/** Seconds of the first round, which searches the capacities anew, and of each later one. */
function roundSeconds(request: RunRequest, expected: Expectations): readonly [number, number] {
  const { arms, loads, objective } = request
  const warmUp = request.answersOnly ? 0 : arms.length * expected['warm-up']
  const sets = objective === null ? loads.length * expected.set : 0
  const common = expected.deploy + warmUp + sets
  if (!needsCapacity(request)) return [common, common]
  const { search, capacity, aside } = expected
  // Besides, what is sustained of even keys.
  const searches = arms.length + (loads.some(({ kind }) => kind === 'busiest') ? 1 : 0)
  return [common + searches * search + aside, common + arms.length * capacity]
}

/** What the run will do and about how long it will take. */
export function planRun(request: RunRequest): Plan {
  const { objective, precision, budgetSeconds, rounds } = request
  const expectations = expectationsOf(request)
  const [firstRound, laterRound] = roundSeconds(request, expectations)
  const whole = firstRound + Math.max(0, rounds - 1) * laterRound
  const sets = objective === null && request.answersOnly !== true ? expectations.set : 0
  const length = lengthOf({ wholeSeconds: whole, budgetSeconds, setSeconds: sets })
  const { seconds } = length
  const isLimited = budgetSeconds !== null || seconds <= LONG_SECONDS
  const lines = planLines({
    compares: `${subjectText(request)}; ${verdictText(request)}`,
    measures: [
      objective === null ? roundsText(request) : searchText(request),
      ...scenarioTexts(request),
      ...traceTexts(request),
    ],
    on: [placeText(request), ...transportTexts(request)],
    takes: [
      precision === null ? length.text : `at most ${formatSpan(seconds)}`,
      lengthText(rounds, firstRound, laterRound),
      ...(isLimited ? [] : [`--budget ${LONG_SECONDS}s takes no longer`]),
    ],
  })
  return { lines, seconds, expectations }
}

function subjectText({ loaded, arms }: RunRequest): string {
  const [first, ...others] = arms.map((arm) => arm.label)
  return `${loaded.scenario.name}: ${first} against ${others.join(' and ')}`
}

function placeText({ cpus, virtualCores, seed }: RunRequest): string {
  const virtual = virtualCores === null ? '' : `${counted(virtualCores, 'virtual core')} on `
  return `${virtual}processors ${cpus.join(', ')}; seed ${seed}`
}

/** What the user did not say and the scenario did. */
function scenarioTexts({ fromScenario = [] }: RunRequest): string[] {
  if (fromScenario.length === 0) return []
  return [`by the scenario, unless flags say otherwise: ${fromScenario.join(', ')}`]
}

/** Nothing about drawn requests: they are the default. */
function traceTexts(request: RunRequest): string[] {
  const { log } = request.loaded
  const { durationSeconds } = request
  if (log === undefined) return []
  const { file, keys, keyCount, perSecond, notes } = log
  const [least, most] = duePerTrial(request, { label: LOG_LOAD, perSecond })
  const due = least === most ? formatWhole(least) : `${formatWhole(least)} to ${formatWhole(most)}`
  const share =
    least >= keys.length ? 'all of them' : `${due} of them, from another instant on in each round`
  const pace = `${formatQuantity(perSecond, PER_SECOND)} by themselves`
  return [
    ...(notes.length > 0 ? [`${file}: ${notes.join('; ')}`] : []),
    `requests of ${file}: ${formatWhole(keys.length)} of ${formatWhole(keyCount)} keys, ${pace}; at that pace a trial of ${durationSeconds} s plays ${share}`,
  ]
}

/** The fewest and the most requests of a log that become due in a trial of any round at a load. */
export function duePerTrial(
  request: Pick<RunRequest, 'loaded' | 'durationSeconds' | 'rounds' | 'seed'>,
  { label, perSecond }: { readonly label: string; readonly perSecond: number },
): readonly [fewest: number, most: number] {
  const { durationSeconds, rounds, loaded } = request
  const log = loaded.log!
  const orders = ordersOf(request)
  const logSeconds = (durationSeconds * perSecond) / log.perSecond
  const due = Array.from(
    { length: rounds },
    (_, round) => partOfRound(log, orders.traceSeed(round, label), logSeconds).requests,
  )
  return [Math.min(...due), Math.max(...due)]
}

/** Nothing about replayed arrivals: they are the default. */
function transportTexts({ transport, cpus }: RunRequest): string[] {
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

function verdictText(request: RunRequest): string {
  const { metric, requestClass, level, rounds: pairs, objective, loads, comparisons } = request
  if (request.answersOnly) return 'right answers are all that it is about: no verdict'
  if (objective !== null)
    return 'search within the objective: a ratio with its interval, no verdict'
  const share = formatPercent(level)
  // Verdicts of one load share their error.
  const needed = fewestPairs(1 - (1 - level) / comparisons.length)
  if (pairs < needed)
    return `no verdict: ${counted(pairs, 'pair')} of the ${needed} that ${share} needs`
  const judgesThroughput = loads.some((load) => load.kind === 'max') && isLatency(metric)
  const of = requestClass == null ? '' : ` of ${requestClass} requests`
  return `verdict on ${metricName(metric)}${of}${judgesThroughput ? ' (throughput at max)' : ''} at ${share}`
}

function roundsText({ loads, rounds, precision, durationSeconds }: RunRequest): string {
  const labels = loads.map((load) => load.label).join(', ')
  const trials = `of fresh servers, each for ${durationSeconds} s at ${labels}`
  if (precision === null) return `${counted(rounds, 'round')} ${trials}`
  return `${LOOKS[0]} to ${rounds} rounds ${trials}, until ±${formatPercent(precision)}`
}

function searchText({ rounds, objective, durationSeconds }: RunRequest): string {
  const within = objective === null ? '' : objectiveText(objective)
  return `${counted(rounds, 'round')} of fresh servers, each searched for the highest load with ${within} by trials of ${durationSeconds} s`
}

function lengthText(rounds: number, first: number, later: number): string {
  const others = rounds > 1 ? `, each other about ${formatSeconds(later)}` : ''
  return `the first round about ${formatSeconds(first)}${others}`
}
