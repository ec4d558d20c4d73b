import { NS_PER_MS, NS_PER_SECOND, NS_PER_US } from '../base/units.ts'
import { FINE_BUCKETS, sumCounts } from '../measure/buckets.ts'
import { type TotalName, totalOf, WINDOW_NS } from '../measure/recorder-layout.ts'
import { summarizeWindows } from '../measure/window-series.ts'
import { PHASE_STEADY_STATE } from '../ports/replay/control.ts'
import type { Counters, Trial } from '../results/schema.ts'
import { collectTotals } from '../server/records.ts'
import {
  STALL_CELLS,
  STALL_LONGEST,
  STALL_NAMED,
  STALL_PLANTED,
  STALL_PLANTED_NAMED,
} from '../server/stall-detector.ts'
import { CELL_WAITS } from '../shared-memory/phase-layout.ts'
import { type CounterName, lostWakeUpsOf } from '../shared-memory/thread-counters.ts'
import { attributePhases, partNames } from './attribution.ts'
import {
  answersGate,
  burstsAtEnds,
  clockGate,
  completedGate,
  dueByHalf,
  generatorGate,
  halvesGate,
  latenessGate,
  noiseGate,
  runtimeGate,
} from './gates.ts'
import { classesOfTrial, latenciesOf } from './latency-counts.ts'
import type { MeasuredTrial, TrialContext } from './measured.ts'
import { stageFigures } from './stage-figures.ts'
import type { ThreadReading } from './thread-readings.ts'

/** Checks the answers of a trial and makes its result. */
export function summarizeTrial(context: TrialContext, measured: MeasuredTrial): Trial {
  const { request, memory, played } = measured
  const { recorders } = played
  const forFigures = (request.purpose ?? 'figures') === 'figures'
  const sum = (name: TotalName) => totalOf(recorders, name)
  const largest = (name: TotalName) => totalOf(recorders, name, Math.max)
  // Also those to requests of the warm-up: as many of the steady state's own are answered after its end.
  const inTime = sum('repliesFirstHalf') + sum('repliesSecondHalf')
  const refused = sum('refused')
  const maxNs = recorders.reduce((most, recorder) => Math.max(most, ...recorder.maxima), 0)
  const latencies = latenciesOf({
    fine: sumCounts(
      recorders.map(({ fine }) => fine),
      FINE_BUCKETS,
    ),
    smallestNs: totalOf(recorders, 'smallestNs', Math.min),
    largestNs: maxNs,
    due: sum('received') + refused + sum('neverReceived'),
    refused,
    unansweredAgeNs: Math.max(maxNs, largest('oldestUnansweredNs')),
  })
  const { completed } = latencies.counts
  const steadySeconds = request.times.steadyNs / NS_PER_SECOND
  const wrong = findWrongAnswer(context, measured)
  return {
    arm: request.arm.label,
    attempt: 1,
    startedAtSeconds: measured.startedAtNs / NS_PER_SECOND,
    warmUpSeconds: measured.warmUpNs / NS_PER_SECOND,
    steadySeconds,
    drainSeconds: played.drainNs / NS_PER_SECOND,
    void: wrong,
    offeredPerSecond: request.offeredPerSecond,
    achievedPerSecond: inTime / steadySeconds,
    ...latencies,
    classes: classesOfTrial(context.workload.classes?.names ?? [], recorders, request.steady),
    backlog: { largestCount: sum('largestBacklog'), largestAgeNs: largest('largestBacklogAgeNs') },
    counters: countersOf(measured, inTime),
    backgroundShare: backgroundShareOf(context, measured),
    threads: measured.threads.map((thread) => ({
      name: thread.name,
      cpu: thread.cpu,
      cpuSeconds: thread.os?.cpuSeconds ?? null,
      runQueueWaitSeconds: thread.os?.runQueueWaitSeconds ?? null,
      voluntarySwitches: thread.os?.voluntarySwitches ?? null,
      involuntarySwitches: thread.os?.involuntarySwitches ?? null,
      minorFaults: thread.os?.minorFaults ?? null,
      majorFaults: thread.os?.majorFaults ?? null,
      heapBytes: thread.heapBytes,
      ...loopCounters(thread),
      wakeUps: thread.own.wakeUps,
      parks: thread.own.parks,
      garbageCollections: thread.heap?.collections ?? null,
    })),
    series: summarizeWindows(recorders, 0, measured.steadyWindows - 1).map(
      ({ startNs, ...window }) => ({ startMs: startNs / NS_PER_MS, ...window }),
    ),
    gates: [
      answersGate(wrong, completed),
      // At `max` nothing is due before it is received.
      measured.nsPerGap === 0
        ? null
        : completedGate(
            dueByHalf(request.steady, measured.nsPerGap, request.times.steadyNs),
            [sum('repliesFirstHalf'), sum('repliesSecondHalf')],
            burstsAtEnds(request.steady, measured.nsPerGap, request.times.steadyNs),
          ),
      forFigures ? halvesGate(recorders, Math.floor(request.times.steadyNs / WINDOW_NS)) : null,
      clockGate(latencies.minNs, measured.clockErrorNs, measured.suspensions),
      played.client && latenessGate(played.client, latencies.percentiles.p50),
      played.client && generatorGate(played.client, steadySeconds, isCoLocated(context)),
      noiseGate(measured.foreign, request.times.steadyNs * context.cpus.length),
      request.isWarm === true
        ? runtimeGate(
            measured.runtime,
            request.times.steadyNs * context.cpus.length,
            makesGarbage(context),
          )
        : null,
    ].filter((gate) => gate !== null),
    runtime: runtimeOf(measured),
    ...(forFigures ? timesOf(context, measured, inTime / steadySeconds) : NO_TIMES),
    ...stallsOf(context, measured),
    client: played.client,
    hiccups: measured.hiccups,
    memory: {
      sharedBytes: memory.sharedBytes,
      heapBytes: measured.threads.reduce((total, thread) => total + thread.heapBytes, 0),
    },
    tuned: { ...measured.tuned },
    idle: request.idle ?? memory.idlePolicy,
  }
}

function runtimeOf({ runtime }: MeasuredTrial): Trial['runtime'] {
  if (runtime === null) return null
  const { helperSeconds, mainSeconds, familySeconds } = runtime
  return { helperSeconds, mainSeconds: mainSeconds + familySeconds }
}

/** Whether a stage declares garbage. */
function makesGarbage({ loaded }: TrialContext): boolean {
  const stages = loaded.scenario.stages(loaded.params)
  return stages.some((stage) => 'run' in stage && (stage.churn?.objects ?? 0) > 0)
}

function isCoLocated({ transport }: TrialContext): boolean {
  return transport.kind === 'http' && transport.coLocated
}

/** What the detectors of all threads saw; nothing where there are none. */
function stallsOf(
  { loaded }: TrialContext,
  { memory, threads }: MeasuredTrial,
): Pick<Trial, 'stalls'> {
  if (memory.stalls === null) return {}
  const rows = threads.flatMap(({ stalls }) => stalls ?? [])
  const stages = loaded.scenario.stages(loaded.params).map(({ name }, stage) => {
    const cells = (cell: number) => rows.map((row) => row[stage * STALL_CELLS + cell] ?? 0)
    const sum = (cell: number) => cells(cell).reduce((total, count) => total + count, 0)
    return {
      name,
      planted: sum(STALL_PLANTED),
      named: sum(STALL_NAMED),
      plantedNamed: sum(STALL_PLANTED_NAMED),
      longestNs: Math.max(0, ...cells(STALL_LONGEST)),
    }
  })
  return { stalls: { thresholdNs: memory.stalls.thresholdNs, stages } }
}

const NO_TIMES = { attribution: null, stages: null }

/** Where the time of sampled requests went, and what the stages did. Real sockets have no samples. */
function timesOf(
  { loaded }: TrialContext,
  { request: { arm, stampsEach = false }, memory, stages, countedNs }: MeasuredTrial,
  achievedPerSecond: number,
): Pick<Trial, 'attribution' | 'stages'> {
  const ports = memory.replay?.ports ?? []
  const logs = ports.map((port) => port.playbacks[PHASE_STEADY_STATE].phases)
  const names = loaded.scenario.stages(loaded.params).map((stage) => stage.name)
  const parts = partNames(arm, names)
  return {
    attribution: attributePhases(logs, parts, stampsEach ? 1 : undefined),
    stages: stageFigures({
      names,
      logs,
      partCount: parts.length,
      // The first cell is no part.
      firstQueueWait: arm.architecture === 'staged' ? CELL_WAITS - 1 : null,
      readings: stages,
      countedNs,
      achievedPerSecond,
    }),
  }
}

/** The first answer that was wrong, as a sentence; null when all were right. */
function findWrongAnswer(
  context: TrialContext,
  { request, memory, played }: MeasuredTrial,
): string | null {
  if (played.wrong !== null) return played.wrong
  // Each reply was checked as it came; what the tables hold is not, since they go on from one rehearsal to the next.
  if (request.purpose === 'rehearsal') return null
  if (played.lost > 0)
    return `missing replies: ${played.lost} requests in flight were never answered`
  return (
    context.loaded.scenario.verify(
      collectTotals(context.keySpace, memory.tables, played.answers),
    ) ?? null
  )
}

function countersOf(measured: MeasuredTrial, completed: number): Counters {
  const { threads } = measured
  const staged = measured.request.arm.architecture === 'staged'
  // Sharded has no lock of records; a cache of blocks has some in either.
  const locks = staged || threads.some(({ own: { lockAcquisitions } }) => lockAcquisitions > 0)
  const handsOff = staged || threads.some(({ own: { handoffs } }) => handoffs > 0)
  const readings = threads.map((thread) => thread.os)
  const known = completed > 0 && readings.every((reading) => reading !== null)
  // The readings also span the lead before the steady state, in which the warm-up goes on.
  const share = measured.request.times.steadyNs / measured.countedNs
  const own = (name: CounterName) =>
    share * threads.reduce((sum, thread) => sum + thread.own[name], 0)
  const os = (pick: (reading: NonNullable<(typeof readings)[number]>) => number) =>
    known
      ? (share * readings.reduce((total, reading) => total + pick(reading!), 0)) / completed
      : null
  const total = (pick: (reading: NonNullable<(typeof readings)[number]>) => number) =>
    sumKnown(readings.map((reading) => reading && share * pick(reading)))
  return {
    cpuSecondsPerRequest: os((reading) => reading.cpuSeconds),
    contextSwitchesPerRequest: os(
      (reading) => reading.voluntarySwitches + reading.involuntarySwitches,
    ),
    voluntarySwitchesPerRequest: os((reading) => reading.voluntarySwitches),
    involuntarySwitchesPerRequest: os((reading) => reading.involuntarySwitches),
    minorFaults: total((reading) => reading.minorFaults),
    majorFaults: total((reading) => reading.majorFaults),
    // Sharded hands off only what it off-loads.
    handoffs: handsOff ? own('handoffs') : null,
    handoffBatches: handsOff ? own('handoffBatches') : null,
    messageBatches: staged ? null : own('messageBatches'),
    wakeUps: own('wakeUps'),
    parks: own('parks'),
    messages: staged ? null : own('messages'),
    lockAcquisitions: locks ? own('lockAcquisitions') : null,
    contendedLockAcquisitions: locks ? own('contendedLockAcquisitions') : null,
    lockWaitNs: locks ? own('lockWaitNs') : null,
    queueLockAcquisitions: handsOff ? own('queueLockAcquisitions') : null,
    contendedQueueLockAcquisitions: handsOff ? own('contendedQueueLockAcquisitions') : null,
    queueLockWaitNs: handsOff ? own('queueLockWaitNs') : null,
    readRetries: measured.request.arm.options['locks'] === 'optimistic' ? own('readRetries') : null,
    workingTurns: own('turns') - own('idleTurns'),
    idleTurns: own('idleTurns'),
    garbageCollections: sumKnown(threads.map((thread) => thread.heap?.collections ?? null)),
    longestGapNs: Math.max(...threads.map((thread) => thread.own.longestGapNs)),
    // Whole: a share of one that should not be is no less a fault.
    lostWakeUps: threads.reduce((sum, thread) => sum + lostWakeUpsOf(thread.own), 0),
    declaredWaits:
      own('declaredWaits') === 0
        ? null
        : {
            count: own('declaredWaits'),
            askedNs: own('declaredWaitAskedNs'),
            actualNs: own('declaredWaitNs'),
          },
  }
}

/** Slices that were done while the counters counted, in units of all cores' time. */
function backgroundShareOf(
  { workload, cores }: TrialContext,
  { threads, countedNs }: MeasuredTrial,
): Trial['backgroundShare'] {
  const { background } = workload
  if (background === undefined) return null
  const slices = threads.reduce((sum, { own }) => sum + own.backgroundSlices, 0)
  const doneNs = slices * background.sliceMicros * NS_PER_US
  return { asked: background.share, done: doneNs / (countedNs * cores.length) }
}

/** Of a port's thread; a pool's thread has no turns. */
function loopCounters({
  own,
}: ThreadReading): Pick<Trial['threads'][number], 'longestGapNs' | 'workingTurns' | 'idleTurns'> {
  const turns = own.turns
  if (turns === 0) return { longestGapNs: null, workingTurns: null, idleTurns: null }
  const { longestGapNs, idleTurns } = own
  return { longestGapNs, workingTurns: turns - idleTurns, idleTurns }
}

/** Null as soon as one is not available. */
function sumKnown(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>(
    (sum, value) => (sum === null || value === null ? null : sum + value),
    0,
  )
}
