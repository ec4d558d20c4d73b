import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { NS_PER_MS, NS_PER_SECOND } from '../../harness/base/units.ts'
import type { HandlerStage } from '../../harness/contract/stage.ts'
import type { ServiceTimes, Workload } from '../../harness/contract/workload.ts'
import { longestNs, Watchdog, watchStages } from '../../harness/trial/watchdog.ts'
import {
  BEACON_BEGUN,
  BEACON_STAGE,
  createThreadCounters,
  ThreadCounters,
} from '../../harness/shared-memory/thread-counters.ts'
import { clockOf } from '../base/clock-of.ts'

const WORKLOAD: Workload = {
  recordCount: 1,
  valueBytes: 8,
  operations: { read: 1, update: 0 },
  keys: { kind: 'uniform' },
  arrivals: { kind: 'poisson' },
}
const STAGES = [
  { name: 'decode', codec: 'decode' as const },
  { name: 'apply', run: () => {}, wait: { micros: 2_000_000, blocking: true } },
]

/** A watchdog of two threads, and what those threads write. */
function watched() {
  const counters = createThreadCounters(2)
  const beacons = [0, 1].map((thread) => new ThreadCounters(counters, thread).beacon)
  const watchdog = new Watchdog({
    counters,
    threads: ['apply-0', 'apply-1'],
    stages: STAGES,
    workload: WORKLOAD,
    scenario: { name: 'mine', file: '/there/mine.ts' },
  })
  const begin = (thread: number, stage: number) => {
    beacons[thread]![BEACON_STAGE] = stage + 1
    beacons[thread]![BEACON_BEGUN]!++
  }
  const end = (thread: number) => (beacons[thread]![BEACON_STAGE] = 0)
  return { watchdog, begin, end }
}

const at = (seconds: number) => seconds * NS_PER_SECOND

test('a thread that stays in a stage for 5 s and what it declares is stuck', () => {
  const { watchdog, begin } = watched()
  begin(1, 1)
  expect(watchdog.look(at(10))).toBeUndefined()
  expect(watchdog.look(at(17))).toBeUndefined()
  expect(watchdog.look(at(17.1))).toMatchObject({
    kind: 'run',
    code: 'stage-stuck',
    message:
      'scenario mine: stage apply did not return within 7 s (thread apply-1, /there/mine.ts)',
    cure: expect.stringContaining('burn or wait'),
  })
})

test('a stage that declares nothing has 5 s', () => {
  const { watchdog, begin } = watched()
  begin(0, 0)
  watchdog.look(at(0))
  expect(watchdog.look(at(5))).toBeUndefined()
  expect(watchdog.look(at(5.1))?.message).toContain('stage decode did not return within 5 s')
})

test('one that ended, or began anew, is not stuck, however long nobody looked', () => {
  const { watchdog, begin, end } = watched()
  begin(0, 0)
  begin(1, 0)
  watchdog.look(at(0))
  end(0)
  begin(1, 0)
  expect(watchdog.look(at(100))).toBeUndefined()
  expect(watchdog.look(at(104))).toBeUndefined()
  expect(watchdog.look(at(106))?.message).toContain('thread apply-1')
})

test('it tells whether any thread is in a stage', () => {
  const { watchdog, begin, end } = watched()
  expect(watchdog.isInsideStage()).toBe(false)
  begin(1, 0)
  expect(watchdog.isInsideStage()).toBe(true)
  end(1)
  expect(watchdog.isInsideStage()).toBe(false)
})

test.each([
  [{}, {}, 0],
  [{ burn: { micros: 300 }, wait: { micros: 700 } }, {}, 1],
  [{ burn: { micros: 'drawn' } }, drawing({ kind: 'fixed', meanMicros: 2_000 }), 2],
  [{ wait: { micros: 'drawn' } }, drawing({ kind: 'exponential', meanMicros: 1_000 }), 20],
  [{ wait: { micros: 'drawn' } }, drawing({ kind: 'mixture', parts: parts(0, 9_000) }), 9],
  [{ burn: { micros: 500 } }, { keysPerRequest: keysUpTo(4) }, 2],
] satisfies [Partial<HandlerStage>, Partial<Workload>, number][])(
  'a stage with %j takes at most, with %j: %i ms',
  (stage, workload, ms) => {
    const whole = { name: 'serve', run: () => {}, ...stage }
    expect(longestNs(whole, { ...WORKLOAD, ...workload })).toBe(ms * NS_PER_MS)
  },
)

test('codecs declare nothing', () => {
  expect(longestNs({ name: 'decode', codec: 'decode' }, WORKLOAD)).toBe(0)
})

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('whoever watches is told once, and looks no more when it is stopped', () => {
  const { watchdog, begin } = watched()
  const clock = clockOf(() => Date.now() * NS_PER_MS)
  const onStuck = vi.fn<(failure: Error) => void>()
  const unwatch = watchStages(watchdog, clock, onStuck)
  begin(0, 0)
  vi.advanceTimersByTime(5_900)
  expect(onStuck).not.toHaveBeenCalled()
  vi.advanceTimersByTime(60_000)
  expect(onStuck).toHaveBeenCalledTimes(1)
  unwatch()
  const stopped = watchStages(watchdog, clock, onStuck)
  stopped()
  vi.advanceTimersByTime(60_000)
  expect(onStuck).toHaveBeenCalledTimes(1)
})

function drawing(serviceTimes: ServiceTimes) {
  return { serviceTimes }
}

function parts(...micros: readonly number[]) {
  return micros.map((value) => ({ weight: 1, micros: value }))
}

function keysUpTo(maximum: number) {
  return { minimum: 1, maximum, spread: 'scattered' } as const
}
