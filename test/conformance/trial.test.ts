import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { monotonicOriginNs, ThreadClock } from '../../harness/base/clock.ts'
import { CrossoverError } from '../../harness/base/errors.ts'
import { calibrateBurn } from '../../harness/measure/burn.ts'
import { decodeHistogram } from '../../harness/results/histogram.ts'
import type { Trial } from '../../harness/results/schema.ts'
import { FAULTY_COUNTER, shortTrial, type TrialSettings } from './bench.ts'
import { expectSound } from './expect-sound.ts'

const TIME_LIMIT_MS = 20_000
/** Absent where there is no /proc. */
const TASKS = '/proc/self/task'
const ATTEMPTS = 5
const BOTH = ['staged', 'sharded']
/** The layout with the fewest threads stands for staged where the layout makes no difference. */
const QUICK = ['staged:layout=fused', 'sharded']
const MATRIX = [
  'staged',
  'staged:inline=on',
  'staged:controllers=both:maximumThreads=3',
  'staged:queueCapacity=64:threads=1',
  'staged:queueCapacity=2',
  'staged:permits=1:queueCapacity=1',
  'staged:batch=0',
  'staged:idle=poll:threads=1',
  'staged:idle=park:threads=1',
  'staged:layout=fused',
  'staged:layout=fused:controllers=threads:inline=off:queueCapacity=2',
  'staged:layout=fused:locks=reader-writer',
  'staged:layout=fused:locks=single',
  'staged:locks=striped',
  'sharded',
  'sharded:routing=shard-aware',
  'sharded:idle=poll',
  'sharded:idle=park',
  'sharded:ringCapacity=2:batch=4',
  'sharded:permits=1',
  'sharded:batch=0',
]
const KV = { scenario: 'kv-update', parameters: { keys: '1000' } }

/** Whether each gate of a trial was passed, by name. */
function gatesOf(trial: Trial): Readonly<Record<string, boolean>> {
  return Object.fromEntries(trial.gates.map((gate) => [gate.name, gate.passed]))
}

test.each(MATRIX)(
  '%s answers every request that is due',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    const trial = await shortTrial({ ...KV, arm })
    expectSound(trial)
    const { handoffs, messages, lockAcquisitions } = trial.counters
    const staged = arm.startsWith('staged')
    expect([handoffs !== null, lockAcquisitions !== null, messages === null]).toEqual([
      staged,
      staged,
      staged,
    ])
    expect(trial.counters.lostWakeUps).toBe(0)
    // By default reads take no lock.
    expect(trial.counters.readRetries !== null).toBe(staged && !arm.includes('locks='))
    expect(messages === 0 || staged || !arm.includes('shard-aware')).toBe(true)
    expect(Object.keys(trial.tuned).length > 0).toBe(arm.includes('controllers'))
  },
)

test.each([
  'staged:waits=async',
  'staged:layout=fused:waits=async',
  'staged:waits=async:queueCapacity=2',
])('%s lets requests wait without a thread', { timeout: TIME_LIMIT_MS }, async (arm) => {
  const parameters = { deviceMicros: '2000' }
  const trial = await shortTrial({
    scenario: 'io-overlap',
    arm,
    parameters,
    offeredPerSecond: 2_000,
  })
  expectSound(trial)
  expect(trial.minNs).toBeGreaterThanOrEqual(2_000_000)
  expect(trial.counters.declaredWaits!.count).toBeGreaterThan(0)
  const names = trial.threads.map(({ name }) => name)
  expect(names).toContain('timer')
  // Two ports, two threads for each of three stages at most: none is there to sleep.
  expect(names.length).toBeLessThanOrEqual(2 + 3 * 2 + 1)
})

test.each([
  // Waits so short that many are over at once, while the pool's only thread is on its way.
  'staged:layout=fused:threads=1:waits=async:queueCapacity=1:inline=off:permits=64',
  'staged:layout=fused:threads=2:waits=async:queueCapacity=2:inline=off:permits=64',
  'staged:threads=1:waits=async:queueCapacity=1:permits=64',
])(
  '%s: requests that waited stop nobody at a full queue',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    const parameters = { deviceMicros: '50', workMicros: '0' }
    const trial = await shortTrial({
      scenario: 'io-overlap',
      arm,
      parameters,
      offeredPerSecond: null,
      steadySeconds: 0.5,
    })
    expect(trial.void).toBeNull()
    expect(trial.counts.completed).toBe(trial.counts.due)
    expect(trial.counters.lostWakeUps).toBe(0)
  },
)

test.each(QUICK)(
  '%s refuses what waits too long, and stays right',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    const options = `${arm}:permits=1:deadlineMillis=1`
    const trial = await shortTrial({ ...KV, arm: options, offeredPerSecond: 2_000_000 })
    expect(trial.void).toBeNull()
    expect(trial.counts.refused).toBeGreaterThan(0)
    expect(trial.percentiles.max.atLeast).toBe(true)
    expect(gatesOf(trial)).toMatchObject({ answers: true, completed: false })
  },
)

/** Staged's backlog stands in its stages' queues, sharded's at its ports: of both no answer comes long after the deadline. */
test.each(['staged', ...QUICK])(
  '%s, asked for more than it can serve, answers near the deadline or not at all',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    const deadlineMillis = 50
    const trial = await shortTrial({
      scenario: 'overload',
      parameters: { workMicros: '100' },
      arm: `${arm}:deadlineMillis=${deadlineMillis}:permits=16384`,
      burnIterationsPerMicro: 1_000,
      offeredPerSecond: 100_000,
      steadySeconds: 1,
    })
    expect(trial.void).toBeNull()
    const { due, completed, refused } = trial.counts
    expect(completed + refused).toBe(due)
    expect(completed).toBeGreaterThan(0)
    expect(refused).toBeGreaterThan(0)
    // Of the answered half; a busy machine keeps some threads from work for long.
    const medianNs = decodeHistogram(trial.histogram).getValueAtPercentile(50)
    expect(medianNs).toBeLessThan(4 * deadlineMillis * 1_000_000)
  },
)

/** Behind a wait a batch burns before its latest request: who judged all of it by the turn's beginning answered one in four late. */
test(
  'a reactor refuses what becomes late while the batch that it waits in is served',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const deadlineMillis = 3
    const trial = await shortTrial({
      scenario: 'io-overlap',
      parameters: { workMicros: '50' },
      arm: `sharded:deadlineMillis=${deadlineMillis}`,
      // As much work on any machine.
      burnIterationsPerMicro: calibrateBurn(new ThreadClock(monotonicOriginNs())),
      offeredPerSecond: 40_000,
      steadySeconds: 0.5,
    })
    expect(trial.void).toBeNull()
    const { due, completed, refused } = trial.counts
    expect(completed + refused).toBe(due)
    expect(completed).toBeGreaterThan(0)
    // A processor that others take in between makes the rest late.
    const ninetiethNs = decodeHistogram(trial.histogram).getValueAtPercentile(90)
    expect(ninetiethNs).toBeLessThan(1.05 * deadlineMillis * 1_000_000)
  },
)

test.each(QUICK)(
  '%s: a trial that keeps up passes the gates that others cannot spoil',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    // Three windows of 100 ms for each half: fewer tell nothing.
    const trial = await shortTrial({ ...KV, arm, steadySeconds: 0.6 })
    const names = ['answers', 'completed', 'halves', 'clock', 'noise']
    expect(Object.keys(gatesOf(trial))).toEqual(existsSync(TASKS) ? names : names.slice(0, -1))
    expect(gatesOf(trial)).toMatchObject({ answers: true, completed: true, clock: true })
  },
)

test.each(QUICK)(
  '%s: at max nothing is due, so nothing is said of keeping up',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    const gates = gatesOf(await shortTrial({ ...KV, arm, offeredPerSecond: null }))
    expect(gates).not.toHaveProperty('completed')
    expect(gates).toMatchObject({ answers: true, clock: true })
  },
)

const CROWDED: TrialSettings = {
  scenario: FAULTY_COUNTER,
  arm: 'staged',
  parameters: { keys: '1', updatePercent: '100' },
  offeredPerSecond: null,
}

test.each(BOTH)(
  '%s stays right when all update one key as fast as they can',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    const trial = await shortTrial({ ...CROWDED, arm })
    expect(trial.void).toBeNull()
    expect(trial.counts.completed).toBe(trial.counts.due)
  },
)

test.each([{ scenario: 'kv-update', parameters: { keys: '1' } }, { scenario: 'ycsb-d' }])(
  'reads without a lock stay right while others write and insert the same few: %o',
  { timeout: TIME_LIMIT_MS },
  async (settings) => {
    const arm = 'staged:layout=fused:locks=optimistic:threads=4'
    const trial = await shortTrial({ ...settings, arm, offeredPerSecond: null })
    expect(trial.void).toBeNull()
    expect(trial.counts.completed).toBe(trial.counts.due)
    expect(trial.counters.lostWakeUps).toBe(0)
  },
)

test.each(['staged', 'staged:layout=fused'])(
  '%s with locks that guard nothing loses updates, which voids the trial',
  { timeout: ATTEMPTS * TIME_LIMIT_MS },
  async (arm) => {
    // On a busy machine two threads may not meet within one trial.
    let reason: string | null = null
    for (let attempt = 0; attempt < ATTEMPTS && reason === null; attempt++)
      reason = (await shortTrial({ ...CROWDED, arm, sabotage: { brokenLocks: true } })).void
    expect(reason).toMatch(/^lost or doubled update: key=0 finalVersion=\d+ answeredUpdates=\d+$/)
  },
)

test.each(QUICK)(
  '%s: a reply that never comes voids the trial',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    const sabotage = { dropReply: 1_000 }
    const trial = await shortTrial({ ...KV, arm, sabotage, longestDrainNs: 0 })
    expect(trial.void).toBe('missing replies: 1 requests in flight were never answered')
    expect(gatesOf(trial)).toMatchObject({ answers: false })
  },
)

test.each(QUICK)(
  '%s: a version that no record ever had voids the trial',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    const trial = await shortTrial({
      scenario: FAULTY_COUNTER,
      arm,
      parameters: { fault: 'foreign-version' },
    })
    expect(trial.void).toMatch(
      /^reply from nowhere: key=\d+ largestVersion=100\d{4} finalVersion=\d+$/,
    )
  },
)

test.each(QUICK)(
  '%s: a checksum that does not fit voids the trial',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    const trial = await shortTrial({
      scenario: FAULTY_COUNTER,
      arm,
      parameters: { fault: 'foreign-checksum' },
    })
    expect(trial.void).toMatch(
      /^wrong answers: count=\d+, the first at port=\d key=\d+: the reply’s checksum does not fit/,
    )
  },
)

const SERVER_THREAD = /^(?:network|decode|route|apply|encode|shared|reactor)-\d+$/

/** Names of the server threads that are still there; none where there is no /proc. */
function serverThreads(): string[] {
  if (!existsSync(TASKS)) return []
  const names = readdirSync(TASKS).map((task) =>
    readFileSync(`${TASKS}/${task}/comm`, 'utf8').trim(),
  )
  return names.filter((name) => SERVER_THREAD.test(name))
}

test.each(
  ['staged', 'staged:layout=fused', 'sharded'].flatMap((arm) => [
    [arm, 'throws', 'stage-failed', 'a stage threw: stage=apply: enough is enough'],
    [
      arm,
      'rejects',
      'stage-failed',
      'a promise that a stage made was rejected: stage=apply: enough is enough',
    ],
    [
      arm,
      'waits',
      'stage-promise',
      'a stage made a promise: stage=apply: run must be synchronous; declare what it waits for, as wait or read',
    ],
  ]),
)(
  '%s: a stage that %s ends the trial loudly',
  { timeout: TIME_LIMIT_MS },
  async (arm, fault, code, message) => {
    const trial = shortTrial({
      scenario: FAULTY_COUNTER,
      arm,
      parameters: { fault },
      offeredPerSecond: null,
    })
    const failure: unknown = await trial.catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(CrossoverError)
    expect(failure).toMatchObject({ kind: 'run', code })
    const told = (failure as CrossoverError).message
    expect(told).toMatch(/scenario=faulty-counter .*thread=\S+: /)
    expect(told.slice(-message.length)).toBe(message)
    await expect.poll(serverThreads).toEqual([])
  },
)

type Listen = AbortSignal['addEventListener']

const PHASES = ['start', 'warm-up', 'rehearsal', 'steady state'] as const
test.each(QUICK.flatMap((arm) => PHASES.map((phase) => [arm, phase] as const)))(
  '%s: a trial interrupted in its %s stops its threads',
  { timeout: TIME_LIMIT_MS },
  async (arm, phase) => {
    const interruption = new AbortController()
    const { signal } = interruption
    // A trial listens for the interruption at its start and in each of its sleeps, one per phase.
    const listen = signal.addEventListener.bind(signal)
    let phasesLeft = PHASES.indexOf(phase)
    let running = 0
    const interrupt = () => {
      running = serverThreads().length
      interruption.abort()
    }
    vi.spyOn(signal, 'addEventListener').mockImplementation((...event: Parameters<Listen>) => {
      listen(...event)
      if (phasesLeft-- === 0) setImmediate(interrupt)
    })
    // So long that only the interruption can end it in time.
    const trial = shortTrial({ ...KV, arm, steadySeconds: 600, signal })
    const ended = trial.catch((error: unknown) => error)
    expect(await ended).toMatchObject({ kind: 'run', code: 'interrupted' })
    expect(running > 0 || phase === 'start' || !existsSync(TASKS)).toBe(true)
    await expect.poll(serverThreads).toEqual([])
  },
)
