import { NS_PER_MS, NS_PER_SECOND, NS_PER_US } from '../base/units.ts'
import { combineSeeds } from '../base/random.ts'
import type { ArchitectureName, Arm } from '../contract/architecture.ts'
import type { Trial } from '../results/schema.ts'
import { kieferWolfowitzResponses, lindleyResponses, type Pause } from '../stats/waiting-times.ts'
import { fasterServices, meanServiceMicros } from '../workload/service-times.ts'
import { createTrace } from '../workload/trace.ts'
import type { Trace } from '../workload/trace-layout.ts'
import { parseArms } from './parse-arms.ts'
import { playedByAll, playedByPort } from './played-requests.ts'
import { runTrial, type TrialContext } from './run-trial.ts'
import { type TrialTimes, trialTimes } from './trial-plan.ts'

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
export interface TheoryServer {
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
export interface TheoryTrialRequest {
  readonly arm: Arm
  /** Servers of a shared queue; a queue per server has one of each per core. */
  readonly servers: number
  /** Share of the servers' time that services take. */
  readonly utilisation: number
  readonly seconds: number
  readonly seed: number
  readonly onSteadyState?: (startNs: number) => void
}

/** The trial, and what it was played from. */
export interface TheoryTrial {
  readonly trial: Trial
  readonly servers: number
  readonly trace: Trace
  readonly nsPerGap: number
  readonly steadyNs: number
}

/** Runs it, with a server that is empty when the steady state begins, as the recursions assume. */
export async function runTheoryTrial(
  context: TrialContext,
  request: TheoryTrialRequest,
): Promise<TheoryTrial> {
  const { workload, keySpace, cores } = context
  const services = workload.serviceTimes!
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
  const times = theoryTimes(request.seconds)
  const trial = await runTrial(context, {
    arm: request.arm,
    offeredPerSecond,
    warmUp: trace(0, warmUpSpeed),
    warmUpSpeed,
    steady,
    times,
    ...(request.onSteadyState && { onSteadyState: request.onSteadyState }),
  })
  return {
    trial,
    servers: request.servers,
    trace: steady,
    nsPerGap: NS_PER_SECOND / offeredPerSecond,
    steadyNs: times.steadyNs,
  }
}

/** Code that mostly sleeps is compiled soon, and everything due is answered however long it takes. */
function theoryTimes(steadySeconds: number): TrialTimes {
  return {
    ...trialTimes(steadySeconds),
    leastWarmUpNs: 1_500 * NS_PER_MS,
    longestWarmUpNs: 1_500 * NS_PER_MS,
    longestDrainNs: 10 * NS_PER_SECOND,
    restNs: REST_NS,
  }
}

/**
 * How much longer a service took on average than the trace says, nanoseconds: a thread that sleeps wakes up late. Measured on the
 * waits themselves, not on responses. Theory has no timers: an error of a service is 1/(1 − load) times as large in a response.
 */
export function overshootNs({ counters }: Pick<Trial, 'counters'>): number {
  const waits = counters.declaredWaits
  return waits === null || waits.count === 0 ? 0 : (waits.actualNs - waits.askedNs) / waits.count
}

/**
 * The response time of every request of the trace in ascending order, nanoseconds: of one queue for all servers
 * (staged), or of a queue per server (sharded). No sampling error: it is the trace that was played.
 * @param overshoot by which each service is longer than the trace says. @default 0
 */
export function expectedResponses(
  played: TheoryTrial,
  shared: boolean,
  { pause, overshoot = 0 }: { readonly pause?: Pause; readonly overshoot?: number } = {},
): Float64Array {
  const asTaken = (services: Float64Array) => services.map((ns) => ns + overshoot)
  const { servers, trace, nsPerGap, steadyNs } = played
  if (shared) {
    const { arrivalsNs, servicesNs } = playedByAll(trace, nsPerGap, steadyNs)
    return kieferWolfowitzResponses(arrivalsNs, asTaken(servicesNs), servers, pause).toSorted()
  }
  const parts = trace.ports.map((port) => {
    const { arrivalsNs, servicesNs } = playedByPort(trace, port, nsPerGap, steadyNs)
    return lindleyResponses(arrivalsNs, asTaken(servicesNs), pause)
  })
  return Float64Array.from(parts.flatMap((responses) => [...responses])).toSorted()
}
