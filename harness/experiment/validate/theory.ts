import { parseArms } from '../../asked/arms.ts'
import { runError } from '../../base/errors.ts'
import { combineSeeds } from '../../base/random.ts'
import { formatPercent, formatRoundTime, formatTime } from '../../words/format.ts'
import { NS_PER_MS, NS_PER_SECOND, NS_PER_US } from '../../base/units.ts'
import { ARCHITECTURE_NAMES, type ArchitectureName, type Arm } from '../../contract/architecture.ts'
import type { Trial } from '../../results/schema.ts'
import type { ValidationRow } from '../../results/validate.ts'
import { loadScenario } from '../../scenario/load.ts'
import { rankPercentile } from '../../stats/intervals.ts'
import { createTrialContext } from '../../trial/context.ts'
import type { TrialContext, TrialRequest } from '../../trial/measured.ts'
import { runTrial } from '../../trial/run-trial.ts'
import { ThreadedServer } from '../../trial/threaded-server.ts'
import { type TrialTimes, trialTimes } from '../../trial/player.ts'
import { fasterServices, meanServiceMicros } from '../../workload/service-times.ts'
import { createTrace } from '../../workload/trace.ts'
import { expectedResponses, type TheoryTrial } from './played-requests.ts'
import type { TheoryPlan, ValidationState } from './state.ts'

/** Requests of one cycle: more than any theory trial plays. */
const CYCLE = 1 << 14
/**
 * Behind both architectures' names. Theory knows no kernel: with more threads than processors a spinning one delays those
 * whose wait ends, so none spins (staged's median at 30 % was 12 % too long); and a port's thread wakes before its next
 * request is due, so that the timer's lateness is not taken for waiting.
 */
const THEORY_OPTIONS = ':idle=park:earlyMicros=100'
export const THEORY_SCENARIO = 'queue-discipline'
/**
 * The warm-up is played faster, with services as much shorter, so that its few seconds get the servers' code compiled: at
 * so many requests per second, but at most so many times as fast.
 */
const WARM_UP_PER_SECOND = 6_000
const FASTEST_WARM_UP = 20
/** Until a queue of five-millisecond services at 80 % has emptied, with a probability of all but 10⁻⁶. */
const REST_NS = 0.4 * NS_PER_SECOND

/** How theory's servers are built. */
interface TheoryServer {
  readonly arm: Arm
  /** Ports, and reactors where the architecture has them. */
  readonly virtualCores: number
}

/**
 * So many servers: one queue for all of them (staged) or a reactor with a queue each (sharded). The shared queue gets one
 * port: a port's thread takes what became due during a pause at once, so that with several of them the queue would be in
 * order of arrival only within each one's share, and the recursion wants it in order.
 */
export function theoryServer(architecture: ArchitectureName, servers: number): TheoryServer {
  const shared = architecture === 'staged'
  const threads = shared ? `:threads=${servers}` : ''
  // The other arm is not used; its label must differ.
  const [arm] = parseArms(`${architecture}${THEORY_OPTIONS}${threads},staged`, {})
  return { arm, virtualCores: shared ? 1 : servers }
}

/** One trial of `queue-discipline` whose every latency theory knows. */
interface TheoryTrialRequest {
  readonly arm: Arm
  /** Servers of a shared queue; a queue per server has one of each per core. */
  readonly servers: number
  /** Share of the servers' time that services take. */
  readonly utilisation: number
  /** Times as long as the scenario's are its services. @default 1 */
  readonly serviceTimes?: number
  readonly seconds: number
  readonly seed: number
  readonly onSteadyState?: (startNs: number) => void
}

/** Runs it on a fresh server. */
export async function runTheoryTrial(
  context: TrialContext,
  request: TheoryTrialRequest,
): Promise<TheoryTrial> {
  const { order, played } = theoryOrder(context, request, FIRST_WARM_UP_NS)
  return { ...played, trial: await runTrial(context, order) }
}

/** What is played: a server is empty when the steady state begins, as the recursions assume. */
function theoryOrder(
  context: TrialContext,
  request: TheoryTrialRequest,
  warmUpNs: number,
): { readonly order: TrialRequest; readonly played: Omit<TheoryTrial, 'trial'> } {
  const { workload, keySpace, cores } = context
  const services = fasterServices(workload.serviceTimes!, 1 / (request.serviceTimes ?? 1))
  const meanNs = meanServiceMicros(services) * NS_PER_US
  const offeredPerSecond = (request.utilisation * request.servers * NS_PER_SECOND) / meanNs
  const trace = (number: number, speed = 1) =>
    createTrace({
      workload: { ...workload, serviceTimes: fasterServices(services, speed) },
      keySpace,
      portCount: cores.length,
      routing: 'random',
      seed: combineSeeds(request.seed, number),
      count: CYCLE,
    })
  const warmUpSpeed = Math.min(FASTEST_WARM_UP, WARM_UP_PER_SECOND / offeredPerSecond)
  const steady = trace(1)
  const times = theoryTimes(request.seconds, warmUpNs)
  return {
    order: {
      arm: request.arm,
      offeredPerSecond,
      warmUp: trace(0, warmUpSpeed),
      warmUpSpeed,
      steady,
      times,
      stampsEach: true,
      ...(request.onSteadyState && { onSteadyState: request.onSteadyState }),
    },
    played: {
      servers: request.servers,
      trace: steady,
      nsPerGap: NS_PER_SECOND / offeredPerSecond,
      steadyNs: times.steadyNs,
    },
  }
}

/** Code that mostly sleeps is compiled soon, and everything due is answered however long it takes. */
const FIRST_WARM_UP_NS = 1_500 * NS_PER_MS
/** Of a server that has played before. */
const NEXT_WARM_UP_NS = 300 * NS_PER_MS

function theoryTimes(steadySeconds: number, warmUpNs: number): TrialTimes {
  return {
    ...trialTimes(steadySeconds),
    leastWarmUpNs: warmUpNs,
    longestWarmUpNs: warmUpNs,
    longestDrainNs: 10 * NS_PER_SECOND,
    restNs: REST_NS,
  }
}

/** Up to there a service is what it declares; above, what its stamps say of the rest counts, too: in a queue it is 1/(1 − load) as much. */
const STAMPED_ABOVE = 0.8

/** By how much services were longer than the trace says. */
interface LongerServices {
  /** On average. */
  readonly ns: number
  /** Where the stage's own work is a part of it: a server is not free before that is done. */
  readonly ofWorkNs: number | null
}

/**
 * A thread that sleeps wakes up late: measured on every wait, not on responses. Theory has no timers: an error of a service is
 * 1/(1 − load) times as large in a response.
 * @param isStamped whether the work besides the wait is counted, stamped on each request: of one in 32, one preemption counts 32 times
 */
export function longerServices(
  { counters, stages }: Pick<Trial, 'counters' | 'stages'>,
  isStamped: boolean,
): LongerServices {
  const waits = counters.declaredWaits
  const lateNs =
    waits === null || waits.count === 0 ? 0 : (waits.actualNs - waits.askedNs) / waits.count
  if (!isStamped) return { ns: lateNs, ofWorkNs: null }
  const ofWorkNs = (stages ?? []).reduce((sum, { service }) => sum + (service?.meanNs ?? 0), 0)
  return { ns: lateNs + ofWorkNs, ofWorkNs }
}

/** Largest difference between a measured percentile and the recursion's. */
const THEORY_LIMIT = 0.05
/** Of so many cells one may lie outside. */
const CELLS_PER_MISS = 16

const PERCENTILES = [
  ['p50', 0.5],
  ['p99', 0.99],
] as const

/** Why a row fails whose percentile falls on requests that were never answered. */
export const UNANSWERED_NOTE = 'unanswered requests'

/** Starting, warm-up and stop of a theory server; rest, drain and the rest of the warm-up of each of its trials. */
const SERVER_SECONDS = 2
const TRIAL_OVERHEAD_SECONDS = 0.9

/** How long it takes. */
export function theorySeconds(plan: TheoryPlan): number {
  const perServers = plan.servers.map((servers) => {
    const trials = plan.utilisations.map(
      (utilisation) => steadySeconds(plan, servers, utilisation) + TRIAL_OVERHEAD_SECONDS,
    )
    return trials.reduce((sum, trial) => sum + trial, SERVER_SECONDS)
  })
  return ARCHITECTURE_NAMES.length * perServers.reduce((sum, seconds) => sum + seconds, 0)
}

/** Of the scenario at its defaults. */
const MEAN_SERVICE_SECONDS = 0.005

function steadySeconds(plan: TheoryPlan, servers: number, utilisation: number): number {
  const { seconds, fewestRequests = 0 } = plan
  const meanSeconds = MEAN_SERVICE_SECONDS * serviceTimesAt(plan, utilisation)
  return Math.max(seconds, (fewestRequests * meanSeconds) / (servers * utilisation))
}

/** Times as long as the scenario's are services at this load. */
export function serviceTimesAt({ longServices }: TheoryPlan, utilisation: number): number {
  return longServices !== undefined && utilisation <= longServices.upTo ? longServices.times : 1
}

/** The plan of a full and of a quick validation. */
export function theoryPlan(quick: boolean): TheoryPlan {
  return quick
    ? { servers: [8], utilisations: [0.8], seconds: 2.5 }
    : { servers: [2, 8], utilisations: [0.3, 0.5, 0.7, 0.8], seconds: 6 }
}

/**
 * Queueing theory: one shared queue against the Kiefer–Wolfowitz recursion, a queue per server against Lindley's, each
 * on the trace that was played.
 */
export async function validateTheory(state: ValidationState): Promise<void> {
  const { cpus, quick, theory = theoryPlan(quick) } = state.request
  const loaded = await loadScenario(THEORY_SCENARIO, {})
  for (const servers of theory.servers) {
    for (const architecture of ARCHITECTURE_NAMES) {
      const { arm, virtualCores } = theoryServer(architecture, servers)
      const { signal } = state
      const context = createTrialContext({ loaded, arms: [arm], cpus, virtualCores, signal })
      await playUtilisations(state, theory, { context, arm, servers })
    }
  }
  for (const architecture of ARCHITECTURE_NAMES) summarise(state, architecture)
}

/** All loads of one server, one after the other, each on a trace of its own: a start and a warm-up per load would take as long as the trial. */
async function playUtilisations(
  state: ValidationState,
  plan: TheoryPlan,
  {
    context,
    arm,
    servers,
  }: Pick<TheoryTrialRequest, 'arm' | 'servers'> & { context: TrialContext },
): Promise<void> {
  const { utilisations } = plan
  const orders = utilisations.map((utilisation, cell) => {
    const seconds = steadySeconds(plan, servers, utilisation)
    const seed = combineSeeds(state.request.seed, servers, cell)
    const warmUpNs = cell === 0 ? FIRST_WARM_UP_NS : NEXT_WARM_UP_NS
    const serviceTimes = serviceTimesAt(plan, utilisation)
    return theoryOrder(
      context,
      { arm, servers, utilisation, serviceTimes, seconds, seed },
      warmUpNs,
    )
  })
  const { order: traces } = orders[0]!
  const server = await ThreadedServer.start(context, {
    arm,
    longestWarmUpNs: FIRST_WARM_UP_NS,
    longestSteadyNs: Math.max(...orders.map(({ played }) => played.steadyNs)),
    traces,
  })
  try {
    for (const [cell, { order, played }] of orders.entries()) {
      const utilisation = utilisations[cell]!
      const subject = `${arm.architecture}, ${servers} servers, ${formatPercent(utilisation)}`
      state.started('theory', subject)
      const trial = await server.play(order)
      if (trial.void !== null) throw runError('void', `void: ${subject}: ${trial.void}`)
      const longer = longerServices(trial, utilisation > STAMPED_ABOVE)
      const expected = expectedResponses({ ...played, trial }, arm.architecture === 'staged', {
        overshoot: longer.ns,
      })
      for (const [figure, fraction] of PERCENTILES) {
        state.add(theoryRow(subject, figure, trial, rankPercentile(expected, fraction), longer))
      }
    }
  } finally {
    await server.stop()
  }
}

/** A cell of the table. Fails where requests were never answered: their percentile is only bounded from below. */
export function theoryRow(
  subject: string,
  figure: 'p50' | 'p99',
  trial: Pick<Trial, 'percentiles' | 'threads' | 'counts'>,
  expected: number,
  longer: LongerServices,
): ValidationRow {
  const { ns, atLeast } = trial.percentiles[figure]
  const difference = ns / expected - 1
  const passed = !atLeast && Math.abs(difference) <= THEORY_LIMIT
  return {
    part: 'theory',
    subject,
    figure,
    measured: ns,
    expected,
    unit: 'ns',
    difference,
    limit: THEORY_LIMIT,
    passed,
    note: [
      longerNote(longer),
      ...(passed ? [] : [...(atLeast ? [UNANSWERED_NOTE] : []), runQueueNote(trial)]),
    ].join('; '),
  }
}

/** Part of what is expected. */
function longerNote({ ns, ofWorkNs }: LongerServices): string {
  const work = ofWorkNs === null ? '' : ` (${formatRoundTime(ofWorkNs)} of it work, stamped)`
  return `services took ${formatRoundTime(ns)} longer than asked${work}, counted in`
}

/** What the kernel says of waiting for a processor: noise that the server cannot help. */
function runQueueNote(trial: Pick<Trial, 'threads' | 'counts'>): string {
  const waits = trial.threads.map((thread) => thread.runQueueWaitSeconds ?? 0)
  const total = waits.reduce((sum, wait) => sum + wait, 0)
  const perRequestNs = (total / Math.max(1, trial.counts.completed)) * NS_PER_SECOND
  return `its threads waited ${formatTime(perRequestNs)} per request for a processor`
}

function summarise(state: ValidationState, architecture: ArchitectureName): void {
  const rows = state.validation.rows.filter(
    (row) => row.part === 'theory' && row.subject.startsWith(`${architecture},`),
  )
  const passed = rows.filter((row) => row.passed).length
  const needed = rows.length - Math.floor(rows.length / CELLS_PER_MISS)
  const recursion = architecture === 'staged' ? 'Kiefer–Wolfowitz' : 'Lindley'
  state.conclude({
    part: 'theory',
    passed: passed >= needed,
    sentence: `${architecture} against ${recursion}: ${passed} of ${rows.length} percentiles within ${formatPercent(THEORY_LIMIT)}, at least ${needed} needed`,
  })
}
