import { expect, test } from 'vitest'
import { longestWarmUp, QuietWatch } from '../../harness/trial/quiet-watch.ts'
import type { Trial } from '../../harness/results/schema.ts'
import { gateOf, sampleTrial } from '../experiment/sample-trial.ts'

const CPUS = 2
const LOAD = 1_000
const { counters } = sampleTrial()

interface Stretch {
  readonly p50?: number
  readonly helperSeconds?: number | null
  readonly collections?: number | null
  readonly keepsUp?: boolean
}

function stretch({
  p50 = 1_000,
  helperSeconds = 0,
  collections = 0,
  keepsUp = true,
}: Stretch): Trial {
  return sampleTrial(
    {
      runtime: helperSeconds === null ? null : { helperSeconds, mainSeconds: 0 },
      counters: { ...counters, garbageCollections: collections },
      gates: [gateOf('completed', keepsUp)],
    },
    p50,
  )
}

/** Whether it is quiet after each lap of one load. */
function quietAfter(laps: readonly Stretch[], load: number | null = LOAD): boolean[] {
  const watch = new QuietWatch(CPUS, 1)
  return laps.map((lap) => {
    watch.beginLap()
    watch.add(load, stretch(lap))
    return watch.isQuiet
  })
}

test('before the first lap nothing is known to be quiet', () => {
  expect(new QuietWatch(CPUS, 1).isQuiet).toBe(false)
})

test('a lap without helpers, collections and movement is quiet', () => {
  expect(quietAfter([{}, {}])).toEqual([true, true])
})

test('helpers may use half a hundredth of all processors, of the present lap alone', () => {
  const limit = 0.005 * CPUS
  expect(quietAfter([{ helperSeconds: 1.01 * limit }, { helperSeconds: limit }])).toEqual([
    false,
    true,
  ])
})

test('where helpers cannot be read, collections and medians have to do', () => {
  expect(quietAfter([{ helperSeconds: null, collections: null }])).toEqual([true])
  expect(quietAfter([{ helperSeconds: null, collections: 1 }])).toEqual([false])
})

test('a collection makes a lap unquiet, and not the next one', () => {
  expect(quietAfter([{ collections: 1 }, {}])).toEqual([false, true])
})

test.each([1_510, 660])('a median that went to %i from 1000 moved', (p50) => {
  expect(quietAfter([{}, { p50 }, { p50 }])).toEqual([true, false, true])
})

test.each([1_490, 670])('a median that went to %i from 1000 stands still', (p50) => {
  expect(quietAfter([{}, { p50 }])).toEqual([true, true])
})

test('a load that the server does not keep up with has no median to stand still', () => {
  expect(quietAfter([{ keepsUp: false }, { p50: 9_000, keepsUp: false }])).toEqual([true, true])
  expect(quietAfter([{}, { p50: 9_000 }], null)).toEqual([true, true])
})

test('each load of a lap has its own median, and one that moved is enough', () => {
  const watch = new QuietWatch(CPUS, 1)
  const lap = (low: number, high: number) => {
    watch.beginLap()
    watch.add(1_000, stretch({ p50: low }))
    watch.add(2_000, stretch({ p50: high }))
    return watch.isQuiet
  }
  expect([lap(1_000, 9_000), lap(1_000, 9_000), lap(2_000, 9_000)]).toEqual([true, true, false])
})

test.each([
  [2, 1.3],
  [10, 2.5],
  [40, 4],
])(
  'a server of %i threads is made warm for %f s at most, where that is by threads',
  (threads, seconds) => {
    const plan = { loads: [], shares: [], longestSeconds: 4 }
    const byThreads = { ...plan, secondsByThreads: { least: 1, each: 0.15 } }
    expect(longestWarmUp(byThreads, threads)).toBeCloseTo(seconds)
    expect(longestWarmUp(plan, threads)).toBe(4)
  },
)
