import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type StageLook, ThreadController } from '../../harness/trial/thread-controller.ts'

const BATCH = 100
const LONG: StageLook = { length: 2 * BATCH + 1, batch: BATCH, working: 1 }
const IDLE: StageLook = { length: 0, batch: BATCH, working: 0 }
const WINDOWS = 200

/** A controller of stages whose threads a test reads. */
function controlled(
  threads: number[],
  maximum = threads.map(() => 16),
  sleeps: readonly boolean[] = [],
) {
  const settings = {
    activeThreads: (stage: number) => threads[stage]!,
    setActiveThreads: (stage: number, count: number) => {
      threads[stage] = count
    },
  }
  return { threads, controller: new ThreadController(settings, maximum, sleeps) }
}

test('an idle stage loses a thread after five idle windows in a row, down to one', () => {
  const { threads, controller } = controlled([3, 1])
  const seen = Array.from({ length: 16 }, () => {
    controller.step([IDLE, IDLE], 1_000)
    return threads[0]
  })
  expect(seen).toEqual([3, 3, 3, 3, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1])
  expect(threads).toEqual([1, 1])
})

test.each([
  ['its queue is not empty', { ...IDLE, length: 1 }],
  ['all its threads are at work', { ...IDLE, working: 3 }],
])('a window in which %s begins the count of idle ones anew', (_, busy) => {
  const { threads, controller } = controlled([3])
  for (let window = 0; window < 60; window++)
    controller.step([window % 5 === 4 ? busy : IDLE], 1_000)
  expect(threads).toEqual([3])
})

test('a thread that was taken away comes back at once when the queue is not empty soon after, and is left longer then', () => {
  const { threads, controller } = controlled([3])
  const idleFor = (windows: number) => {
    for (let window = 0; window < windows; window++) controller.step([IDLE], 1_000)
    return threads[0]
  }
  expect(idleFor(5)).toBe(2)
  controller.step([{ ...IDLE, length: 1 }], 1_000)
  expect(threads[0]).toBe(3)
  // Only the one that was missed.
  controller.step([{ ...IDLE, length: 1 }], 1_000)
  expect(threads[0]).toBe(3)
  expect([idleFor(9), idleFor(1)]).toEqual([3, 2])
})

test('a thread that was not missed for ten windows stays away', () => {
  const { threads, controller } = controlled([2])
  for (let window = 0; window < 5 + 10; window++) controller.step([IDLE], 1_000)
  controller.step([{ ...IDLE, length: 1 }], 1_000)
  expect(threads).toEqual([1])
})

/** Windows of 100 ms of a stage that sleeps 1 ms per request, Poisson arrivals; tells its threads at the end of each. */
function sleepingStage(perSecond: number, seed: number, windows: number): number[] {
  let state = seed
  const draw = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
  const threads = [32]
  const { controller } = controlled(threads, [32], [true])
  let next = 0
  let waiting = 0
  let busy: number[] = []
  return Array.from({ length: windows }, (_, window) => {
    let done = 0
    const end = (window + 1) * 0.1
    for (;;) {
      const finished = Math.min(...busy)
      if (Math.min(next, finished) > end) break
      const now = Math.min(next, finished)
      if (finished <= next) {
        busy = busy.filter((time) => time !== finished)
        done++
      } else {
        waiting++
        next = now - Math.log(1 - draw()) / perSecond
      }
      for (; waiting > 0 && busy.length < threads[0]!; waiting--) busy.push(now + 0.001)
    }
    const working = Math.min(busy.length, threads[0]!)
    controller.step([{ length: waiting, batch: 1, working }], done / 0.1)
    return threads[0]!
  })
}

test.each([1, 2, 3])(
  'a stage that sleeps keeps as many threads as its load needs, however long the warm-up is (seed %i)',
  (seed) => {
    // Five are at work on average; of Poisson arrivals more than ten at once are one in a hundred.
    const threads = sleepingStage(5_000, seed, 300)
    expect(Math.min(...threads)).toBeGreaterThanOrEqual(6)
    expect(threads.at(-1)).toBeLessThan(16)
  },
)

test.each([
  ['a single request waits', { ...IDLE, length: 1 }],
  ['its queue is neither long nor empty', { ...LONG, length: 2 * BATCH }],
  ['all its threads are at work', { ...IDLE, working: 3 }],
])('a stage keeps its threads while %s', (_, look) => {
  const { threads, controller } = controlled([3])
  for (let window = 0; window < 20; window++) controller.step([look], 1_000)
  expect(threads).toEqual([3])
})

test('the stage with the longest queue for its batch gets a thread on trial, no other', () => {
  const { threads, controller } = controlled([2, 2, 2])
  const longer = { ...LONG, length: LONG.length + 1 }
  controller.step([LONG, longer, { ...longer, batch: 2 * BATCH }], 1_000)
  expect(threads).toEqual([2, 3, 2])
  expect(controller.isTrying).toBe(true)
})

test('a stage that has as many as it may have is left, another one is tried', () => {
  const { threads, controller } = controlled([2, 2], [2, 4])
  controller.step([{ ...LONG, length: 4_000 }, LONG], 1_000)
  expect(threads).toEqual([2, 3])
})

test('a thread that was taken back is tried again after pauses that get longer', () => {
  const { threads, controller } = controlled([2])
  const tried: number[] = []
  for (let window = 0; window < 60; window++) {
    controller.step([LONG], 1_000)
    if (threads[0] === 3) tried.push(window)
  }
  const gaps = tried.slice(1).map((window, index) => window - tried[index]!)
  expect(gaps.slice(0, 4)).toEqual([3, 4, 6, 10])
})

test('however long the queue stays, a stage ends with as many threads as raise the rate', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 4 }),
      fc.double({ min: -0.005, max: 0.1, noNaN: true }),
      fc.double({ min: 0, max: 0.01, noNaN: true }),
      fc.infiniteStream(fc.double({ min: -1, max: 1, noNaN: true })),
      (useful, atFirst, warming, noise, draws) => {
        const { threads, controller } = controlled([atFirst])
        let speed = 1_000
        let most = atFirst
        for (let window = 0; window < WINDOWS; window++) {
          // A server that is still being compiled, for a while.
          if (window < 20) speed *= 1 + warming
          const drawn = 1 + noise * Number(draws.next().value)
          controller.step([LONG], Math.min(threads[0]!, useful) * speed * drawn)
          most = Math.max(most, threads[0]!)
        }
        controller.settle()
        expect(threads[0]).toBe(Math.max(useful, atFirst))
        expect(most).toBeLessThanOrEqual(Math.max(useful, atFirst) + 1)
      },
    ),
  )
})
