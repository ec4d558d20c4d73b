import type { Gate, PercentileName, Trial } from '../../harness/results/schema.ts'

/** A gate, passed or not. */
export function gateOf(name: string, passed: boolean): Gate {
  return { name, passed, figure: '', message: '' }
}

/** A sound trial whose percentiles are all the same, but for the changes. */
export function sampleTrial(changes: Partial<Trial> = {}, latencyNs = 1_000): Trial {
  const latency = { ns: latencyNs, atLeast: false }
  const names: readonly PercentileName[] = ['p50', 'p90', 'p99', 'p99_9', 'max']
  return {
    arm: 'staged',
    attempt: 1,
    startedAtSeconds: 0,
    warmUpSeconds: 0.5,
    steadySeconds: 1,
    drainSeconds: 0.5,
    void: null,
    offeredPerSecond: 1_000,
    achievedPerSecond: 1_000,
    counts: { due: 1_000, completed: 1_000, refused: 0, unanswered: 0 },
    histogram: '',
    minNs: latencyNs,
    maxNs: latencyNs,
    percentiles: Object.fromEntries(names.map((name) => [name, latency])) as Trial['percentiles'],
    backlog: { largestCount: 0, largestAgeNs: 0 },
    counters: {
      cpuSecondsPerRequest: null,
      contextSwitchesPerRequest: null,
      voluntarySwitchesPerRequest: null,
      involuntarySwitchesPerRequest: null,
      minorFaults: null,
      majorFaults: null,
      handoffs: null,
      handoffBatches: null,
      messageBatches: null,
      wakeUps: null,
      parks: null,
      messages: null,
      lockAcquisitions: null,
      contendedLockAcquisitions: null,
      lockWaitNs: null,
      queueLockAcquisitions: null,
      contendedQueueLockAcquisitions: null,
      queueLockWaitNs: null,
      readRetries: null,
      workingTurns: null,
      idleTurns: null,
      garbageCollections: null,
      longestGapNs: null,
      lostWakeUps: null,
      declaredWaits: null,
    },
    backgroundShare: null,
    classes: null,
    threads: [],
    series: [],
    gates: [gateOf('answers', true), gateOf('completed', true), gateOf('noise', true)],
    runtime: null,
    attribution: null,
    stages: null,
    client: null,
    hiccups: { beforeNs: 0, afterNs: 0 },
    memory: { sharedBytes: 0, heapBytes: null },
    tuned: {},
    ...changes,
  }
}
