import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type StageLook, ThreadController } from '../../harness/trial/thread-controller.ts'

const BATCH = 100
const LONG: StageLook = { length: 2 * BATCH + 1, batch: BATCH, working: 1 }
const IDLE: StageLook = { length: 0, batch: BATCH, working: 0 }
const WINDOWS = 200

/** A controller of stages whose threads a test reads. */
function controlled(threads: number[], maximum = threads.map(() => 16)) {
  const settings = {
    activeThreads: (stage: number) => threads[stage]!,
    setActiveThreads: (stage: number, count: number) => {
      threads[stage] = count
    },
  }
  return { threads, controller: new ThreadController(settings, maximum) }
}

test('an idle stage loses its threads down to one', () => {
  const { threads, controller } = controlled([3, 1])
  const seen = Array.from({ length: 3 }, () => {
    controller.step([IDLE, IDLE], 1_000)
    return [...threads]
  })
  expect(seen).toEqual([
    [2, 1],
    [1, 1],
    [1, 1],
  ])
})

test.each([
  ['a single request waits', { ...IDLE, length: 1 }],
  ['its queue is neither long nor empty', { ...LONG, length: 2 * BATCH }],
  ['all its threads are at work', { ...IDLE, working: 3 }],
])('a stage keeps its threads while %s', (_, look) => {
  const { threads, controller } = controlled([3])
  for (let window = 0; window < 5; window++) controller.step([look], 1_000)
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
