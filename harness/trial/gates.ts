import { seededRandom } from '../base/random.ts'
import { formatPercent, formatRoundTime } from '../words/format.ts'
import { NS_PER_MS, NS_PER_SECOND, NS_PER_US } from '../base/units.ts'
import { coarseBucketStart } from '../measure/buckets.ts'
import type { ForeignShare } from '../measure/processor-time.ts'
import type { RecorderMemory } from '../measure/recorder-layout.ts'
import type { RuntimeTime } from '../measure/runtime-time.ts'
import { windowCounts } from '../measure/window-series.ts'
import type { Gate, Latency } from '../results/schema.ts'
import type { ClientFigures } from '../results/trial-schema.ts'
import { compareHalves, halvesAgree } from '../stats/block-bootstrap.ts'
import { Schedule } from '../workload/schedule.ts'
import type { Trace } from '../workload/trace-layout.ts'

/** Share of the requests due in each half of the steady state that must be answered in it. */
const COMPLETED_SHARE = 0.99
/** Queues of a few requests come and go: so many less than due are no sign of saturation. */
const QUEUE_FLUCTUATION = 25
/** But not when few are due. */
const LARGEST_FLUCTUATION_SHARE = 0.2
const LARGEST_CLOCK_ERROR_NS = 50 * NS_PER_US
/** Share of the processors' time that others may take. */
const NOISE_SHARE = 0.05
/** One step at either end. */
const IDLE_STEPS_NS = 20 * NS_PER_MS
/** Resampling repeats itself from one run to the next. */
const BOOTSTRAP_SEED = 1

/** Requests due in the first and in the second half of a steady state, over all ports. */
export function dueByHalf(
  trace: Trace,
  nsPerGap: number,
  steadyNs: number,
): readonly [number, number] {
  const first = dueUntil(trace, nsPerGap, steadyNs / 2)
  return [first, dueUntil(trace, nsPerGap, steadyNs) - first]
}

/** Share of the steady state, at the end of each half, in which a burst is still being answered. */
const BURST_SHARE = 0.05
/** Requests due in it, over those of an even load: fewer are no burst. */
const BURST_FACTOR = 2
/** Standard deviations of a Poisson count: few come together by chance. */
const CHANCE = 3

/**
 * Requests of a burst that became due just before the end of each half: a server that keeps up may answer them behind it. None
 * of even and of exponential arrivals.
 */
export function burstsAtEnds(
  trace: Trace,
  nsPerGap: number,
  steadyNs: number,
): readonly [number, number] {
  const shareNs = BURST_SHARE * steadyNs
  const beyond = (ns: number, inHalf: number) => {
    const late = dueUntil(trace, nsPerGap, ns) - dueUntil(trace, nsPerGap, ns - shareNs)
    const even = 2 * BURST_SHARE * inHalf
    return late > BURST_FACTOR * even + CHANCE * Math.sqrt(even) ? late : 0
  }
  const [first, second] = dueByHalf(trace, nsPerGap, steadyNs)
  return [beyond(steadyNs / 2, first), beyond(steadyNs, second)]
}

/** What is due exactly then is not received. */
function dueUntil(trace: Trace, nsPerGap: number, ns: number): number {
  return trace.ports.reduce((sum, port) => {
    const schedule = new Schedule(port, trace.cycleGaps)
    schedule.start(0, nsPerGap)
    return sum + schedule.dueCount(ns * (1 - Number.EPSILON))
  }, 0)
}

/** A backlog may grow by this share of what is due in the second half: less is a queue that comes and goes. */
const GROWTH_SHARE = 0.01

/**
 * Whether a probe's load is sustained: by the middle and by the end 99 % of what was due a little earlier was answered, and
 * the backlog did not grow from the middle to the end.
 */
export function keepsUp(
  trace: Trace,
  nsPerGap: number,
  probe: {
    readonly steadyNs: number
    readonly graceNs: number
    /** In each half. */
    readonly replies: readonly [number, number]
  },
): boolean {
  const { steadyNs, graceNs, replies } = probe
  const due = (ns: number) => dueUntil(trace, nsPerGap, Math.max(0, ns))
  const [middleNs, inFirst] = [steadyNs / 2, replies[0]]
  const inAll = inFirst + replies[1]
  const isInTime = (answered: number, ns: number) =>
    answered >= COMPLETED_SHARE * due(ns - graceNs) - QUEUE_FLUCTUATION
  const growth = due(steadyNs) - inAll - (due(middleNs) - inFirst)
  const allowed = Math.max(QUEUE_FLUCTUATION, GROWTH_SHARE * (due(steadyNs) - due(middleNs)))
  return isInTime(inFirst, middleNs) && isInTime(inAll, steadyNs) && growth <= allowed
}

/**
 * `completed`: in each half as many requests were answered as became due, to 1 %. Answers are counted by the instant at
 * which they came, whatever phase their request is from: what is in flight at one end makes up for the other, so a
 * server that keeps up passes however long its latencies are.
 * @param bursts requests of each half that became due so close to its end that they need not be answered in it.
 */
export function completedGate(
  due: readonly [number, number],
  replies: readonly [number, number],
  bursts: readonly [number, number] = [0, 0],
): Gate {
  const keptUp = due.map(
    (count, half) =>
      count - replies[half]! - bursts[half]! <=
      Math.max(
        (1 - COMPLETED_SHARE) * count,
        Math.min(QUEUE_FLUCTUATION, LARGEST_FLUCTUATION_SHARE * count),
      ),
  )
  const shares = due.map((count, half) => (count === 0 ? 1 : replies[half]! / count))
  return {
    name: 'completed',
    passed: keptUp.every(Boolean),
    figure: `${shares.map((share) => formatPercent(share, 2)).join(' and ')} of the requests due in the halves answered in them`,
    message:
      'saturated: the server did not keep up with the offered load; latencies grow with the length of the trial',
  }
}

/** `halves`: the medians of the steady state's halves agree, so that it was one. Null when it is too short to tell. */
export function halvesGate(recorders: readonly RecorderMemory[], windows: number): Gate | null {
  const blocks = Array.from({ length: windows }, (_, window) => windowCounts(recorders, window))
  const half = windows >> 1
  if (half === 0) return null
  const halves = [blocks.slice(0, half), blocks.slice(windows - half)] as const
  if (halves.some((counts) => counts.every((block) => block.every((count) => count === 0))))
    return null
  const comparison = compareHalves(...halves, coarseBucketStart, seededRandom(BOOTSTRAP_SEED))
  const { firstMedian, secondMedian, standardError } = comparison
  // Fewer than three windows of 100 ms in a half tell nothing about how much medians differ by chance.
  if (standardError === null) return null
  return {
    name: 'halves',
    passed: halvesAgree(comparison),
    figure: `medians ${formatRoundTime(firstMedian)} and ${formatRoundTime(secondMedian)}, standard error ${formatRoundTime(standardError)}`,
    message:
      'not steady: the latencies of the two halves differ, so a longer trial would give other numbers',
  }
}

/** `clock`: no answer came before its request was due, and the clock still runs with the system's. */
export function clockGate(smallestNs: number, clockErrorNs: number, suspensions: number): Gate {
  if (suspensions > 0)
    return {
      name: 'clock',
      passed: false,
      figure: 'the process was suspended in the steady state',
      message: 'latencies are as long as the suspension',
    }
  return {
    name: 'clock',
    passed: smallestNs >= 0 && Math.abs(clockErrorNs) <= LARGEST_CLOCK_ERROR_NS,
    figure: `smallest latency ${formatRoundTime(smallestNs)}, clock off by ${formatRoundTime(clockErrorNs)}`,
    message: 'the clocks of two threads disagree: latencies are off by as much',
  }
}

/**
 * `noise`: the hypervisor and other processes left the processors alone. Idle times come in steps of 10 ms: in a short
 * steady state they widen the limit. Null where /proc does not tell.
 * @param processorNs length of the steady state times its processors
 */
export function noiseGate(foreign: ForeignShare | null, processorNs: number): Gate | null {
  if (foreign === null) return null
  const limit = NOISE_SHARE + IDLE_STEPS_NS / processorNs
  const { stealShare, othersShare } = foreign
  const percent = (share: number) => formatPercent(share, 1)
  return {
    name: 'noise',
    passed: stealShare + othersShare <= limit,
    figure: `${percent(stealShare)} stolen by the hypervisor, ${percent(othersShare)} taken by other processes, limit ${percent(limit)}`,
    message: 'noisy machine: the server did not have its processors to itself',
  }
}

/** Share of the processors' time that the runtime's own threads may take. */
const RUNTIME_SHARE = 0.005

/**
 * `runtime`: V8's helper threads and the main threads of the run left the processors to the server's threads. Null where
 * /proc does not tell.
 * @param processorNs length of the steady state times its processors
 * @param makesGarbage whether stages declare it: V8's helpers collect it, also with `--single-threaded-gc`, on the same threads as they
 * compile. What they use is told then, and main threads alone are judged.
 */
export function runtimeGate(
  runtime: RuntimeTime | null,
  processorNs: number,
  makesGarbage: boolean,
): Gate | null {
  if (runtime === null) return null
  const share = (seconds: number) => (seconds * NS_PER_SECOND) / processorNs
  const { helperSeconds, mainSeconds, familySeconds } = runtime
  const helpers = share(helperSeconds)
  const mains = share(mainSeconds + familySeconds)
  const percent = (value: number) => formatPercent(value, 2)
  const byHelpers = makesGarbage
    ? 'helper threads (not judged: they collect what the stages declare)'
    : 'compilers and other helper threads'
  const most = !makesGarbage && helpers >= mains ? byHelpers : 'main threads'
  return {
    name: 'runtime',
    passed: (makesGarbage ? 0 : helpers) + mains <= RUNTIME_SHARE,
    figure: `${percent(helpers)} used by ${byHelpers}, ${percent(mains)} by main threads, limit ${percent(RUNTIME_SHARE)}`,
    message: `the runtime (most of it ${most}), not the architecture, may be in this tail`,
  }
}

/** `answers`: every reply was checked, and right; a trial where one was not is void. */
export function answersGate(wrong: string | null, completed: number): Gate {
  return {
    name: 'answers',
    passed: wrong === null,
    figure: wrong ?? `${completed} replies checked`,
    message: 'void: an answer was wrong',
  }
}

const LARGEST_LATENESS_NS = 100 * NS_PER_US
/** Of the median latency, where that is more. */
const LATENESS_SHARE = 0.1
const LARGEST_BUSY_SHARE = 0.8
const LARGEST_CLOSED_SHARE = 0.9

/** `lateness`: the client sent its requests when they were due. Null in a closed loop, where nothing is due. */
export function latenessGate({ sendLateness }: ClientFigures, median: Latency): Gate | null {
  if (sendLateness === null) return null
  const limitNs = Math.max(LARGEST_LATENESS_NS, LATENESS_SHARE * median.ns)
  return {
    name: 'lateness',
    passed: sendLateness.p99Ns <= limitNs,
    figure: `p99 of send lateness ${formatRoundTime(sendLateness.p99Ns)}, limit ${formatRoundTime(limitNs)}`,
    message: 'the client sent late: its own delay is part of the latencies',
  }
}

/**
 * `generator`: the client had time to spare. A closed loop is as fast as its slower side: that must not be a client which
 * has a processor of its own; one that shares them is part of what is measured, and the gate null.
 */
export function generatorGate(
  client: ClientFigures,
  steadySeconds: number,
  coLocated: boolean,
): Gate | null {
  const isClosed = client.sendLateness === null
  if (isClosed && coLocated) return null
  const limit = isClosed ? LARGEST_CLOSED_SHARE : LARGEST_BUSY_SHARE
  const share = (isClosed ? client.cpuSeconds : client.busySeconds) / steadySeconds
  const percent = (value: number) => formatPercent(value, 0)
  return {
    name: 'generator',
    passed: share < limit,
    figure: `client busy ${percent(share)} of the time, pacing aside, limit ${percent(limit)}`,
    message: isClosed
      ? 'the client was the limit: the server could have answered more'
      : 'the client was near its own limit: it may have slowed the requests down',
  }
}
