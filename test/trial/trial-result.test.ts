import { expect, test } from 'vitest'
import { NS_PER_MS, NS_PER_SECOND } from '../../harness/base/units.ts'
import { parseArms } from '../../harness/asked/arms.ts'
import { fineBucket } from '../../harness/measure/buckets.ts'
import { createRecorder, TOTAL, type TotalName } from '../../harness/measure/recorder-layout.ts'
import { COUNTER_NAMES, type CounterName } from '../../harness/shared-memory/thread-counters.ts'
import type { MeasuredTrial, TrialContext } from '../../harness/trial/measured.ts'
import { summarizeTrial } from '../../harness/trial/result.ts'

const STEADY_NS = NS_PER_SECOND / 2
const LATENCY_NS = NS_PER_MS

interface Port {
  readonly answered: number
  readonly totals: Partial<Record<TotalName, number>>
}

function recorderOf({ answered, totals }: Port) {
  const recorder = createRecorder(5)
  recorder.fine[fineBucket(LATENCY_NS)] = answered
  recorder.maxima[0] = LATENCY_NS
  recorder.totals[TOTAL.smallestNs] = LATENCY_NS
  for (const [name, value] of Object.entries(totals))
    recorder.totals[TOTAL[name as TotalName]] = value
  return recorder
}

/** What is made of a trial on ports that recorded this, and a thread that counted 10 of everything. */
function summarized(
  ports: readonly Port[],
  changes: Partial<MeasuredTrial> = {},
  stages: readonly object[] = [],
) {
  const [arm] = parseArms('staged,sharded')
  const own = Object.fromEntries(COUNTER_NAMES.map((name) => [name, 10])) as Record<
    CounterName,
    number
  >
  const loaded = { params: {}, scenario: { stages: () => stages } }
  const context = { loaded, workload: {}, cores: [0], cpus: [0], transport: { kind: 'replay' } }
  const measured = {
    // Answers of a rehearsal are not checked at its end: there are no tables here.
    request: { arm, offeredPerSecond: null, purpose: 'rehearsal', times: { steadyNs: STEADY_NS } },
    memory: { sharedBytes: 0, replay: null, stalls: null },
    played: {
      recorders: ports.map(recorderOf),
      wrong: null,
      drainNs: NS_PER_SECOND,
      lost: 0,
      client: null,
    },
    threads: [{ name: 'one', cpu: 0, os: null, own, heapBytes: 0, heap: null }],
    steadyWindows: 5,
    countedNs: STEADY_NS,
    nsPerGap: 0,
    foreign: null,
    runtime: null,
    clockErrorNs: 0,
    suspensions: 0,
    stages: null,
    ...changes,
  }
  return summarizeTrial(context as unknown as TrialContext, measured as unknown as MeasuredTrial)
}

test('throughput is what was answered in the steady state: what the drain answers has a latency, and is none', () => {
  const port = (first: number, second: number) => ({
    answered: 60,
    totals: { received: 60, repliesFirstHalf: first, repliesSecondHalf: second },
  })
  const trial = summarized([port(20, 15), port(10, 5)])
  expect(trial.counts).toEqual({ due: 120, completed: 120, refused: 0, unanswered: 0 })
  // 50 in half a second.
  expect(trial.achievedPerSecond).toBe(100)
})

test('who was refused, never received or never answered is due, and later than everybody who was answered', () => {
  const trial = summarized([
    {
      answered: 95,
      totals: { received: 97, refused: 2, neverReceived: 1, oldestUnansweredNs: 7 * NS_PER_MS },
    },
  ])
  expect(trial.counts).toEqual({ due: 100, completed: 95, refused: 2, unanswered: 3 })
  expect(trial.percentiles).toMatchObject({
    p90: { ns: LATENCY_NS, atLeast: false },
    p99: { ns: 7 * NS_PER_MS, atLeast: true },
    max: { ns: 7 * NS_PER_MS, atLeast: true },
  })
})

test('the last request that was answered has the percentile of its rank', () => {
  const trial = summarized([{ answered: 99, totals: { received: 100, oldestUnansweredNs: 5e6 } }])
  expect(trial.percentiles.p99).toEqual({ ns: LATENCY_NS, atLeast: false })
  expect(trial.percentiles.p99_9).toEqual({ ns: 5e6, atLeast: true })
})

test('counters that counted before the steady state, too, are its share of them; the longest gap is no sum', () => {
  const { counters } = summarized([{ answered: 1, totals: { received: 1, repliesFirstHalf: 1 } }], {
    countedNs: 2 * STEADY_NS,
  })
  expect(counters).toMatchObject({
    parks: 5,
    lockWaitNs: 5,
    queueLockWaitNs: 5,
    workingTurns: 0,
    idleTurns: 5,
    messages: null,
    longestGapNs: 10,
    declaredWaits: { count: 5, askedNs: 5, actualNs: 5 },
  })
})

test.each([
  [0, false],
  [100, true],
])(
  'with %i objects declared per request the gate runtime passes whatever helpers use: %s',
  (objects, passed) => {
    const port = { answered: 1, totals: { received: 1, repliesFirstHalf: 1 } }
    const request = {
      arm: parseArms('staged,sharded')[0],
      offeredPerSecond: null,
      purpose: 'rehearsal',
      isWarm: true,
      times: { steadyNs: STEADY_NS },
    } as MeasuredTrial['request']
    const runtime = { helperSeconds: 0.1, mainSeconds: 0, familySeconds: 0 }
    const stages = [{ name: 'make', run: () => 0, churn: { objects } }]
    const { gates } = summarized([port], { request, runtime }, stages)
    expect(gates.find(({ name }) => name === 'runtime')?.passed).toBe(passed)
  },
)
