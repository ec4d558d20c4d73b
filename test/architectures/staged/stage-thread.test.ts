import { expect, test } from 'vitest'
import { StageSettings } from '../../../harness/architectures/staged/stage-settings.ts'
import { SLOT_PORT } from '../../../harness/shared-memory/request-slab-layout.ts'
import { GAP_NS } from '../../ports/replay/bench.ts'
import { createPool } from './pool-bench.ts'

const GAPS = 200
const PERMITS = 16

test.each([
  '',
  ':layout=fused',
  ':layout=fused:inline=off',
  ':inline=on',
  ':locks=reader-writer',
  ':locks=single',
  ':batch=1',
  ':queueCapacity=64',
  ':threads=1',
])('threads turned in one thread answer every request right: staged%s', (options) => {
  const { bench, finish, verdict } = createPool({ options, bench: { permits: PERMITS } })
  bench.startSteady(GAPS)
  expect(finish(GAPS)).toBe(true)
  expect(bench.completed(3, 0) + bench.completed(3, 1)).toBe(GAPS)
  expect([bench.total('wrong', 3, 0), bench.total('wrong', 3, 1)]).toEqual([0, 0])
  expect(verdict()).toBeUndefined()
})

/** A pool whose first queue holds the requests of both ports. */
function filled(options: string, onStopped?: () => void) {
  const pool = createPool({ options, bench: { permits: PERMITS }, ...(onStopped && { onStopped }) })
  pool.bench.startSteady(GAPS)
  pool.bench.clock.advance(GAPS * GAP_NS)
  pool.turnNetwork(0)
  pool.turnNetwork(1)
  return pool
}

test('with inline off a batch goes from queue to queue, one stage per turn', () => {
  const { turnPool, threadsOf, lengths } = filled(':inline=off')
  const all = 2 * PERMITS
  expect(lengths()).toEqual([all, 0, 0, 0])
  const turnStage = (stage: number) => turnPool(threadsOf(stage)[0]!.thread)
  turnStage(0)
  expect(lengths()).toEqual([0, all, 0, 0])
  turnStage(1)
  expect(lengths()).toEqual([0, 0, all, 0])
  turnStage(2)
  expect(lengths()).toEqual([0, 0, 0, all])
  turnStage(3)
  expect(lengths()).toEqual([0, 0, 0, 0])
})

test('with inline on one thread runs a batch to its end, without a queue between', () => {
  const { turnPool, threadsOf, lengths, queues, replyQueues } = filled(':inline=on')
  turnPool(threadsOf(0)[0]!.thread)
  expect(lengths()).toEqual([0, 0, 0, 0])
  expect(queues.map((queue) => queue.statistics().pushes)).toEqual([2 * PERMITS, 0, 0, 0])
  expect(replyQueues.map((queue) => queue.length())).toEqual([PERMITS, PERMITS])
})

test('with inline on a stage whose threads are all at work gets the batch by its queue', () => {
  const { deployment, turnPool, threadsOf, lengths } = filled(':inline=on')
  const settings = new StageSettings(deployment.memory)
  settings.enter(2)
  settings.enter(2)
  turnPool(threadsOf(0)[0]!.thread)
  expect(lengths()).toEqual([0, 0, 2 * PERMITS, 0])
  // Those inline gave their permits back.
  expect([settings.tryEnter(1), settings.tryEnter(1), settings.tryEnter(1)]).toEqual([
    true,
    true,
    false,
  ])
})

test('a reply goes back to the port it came from', () => {
  const { bench, turnPool, threadsOf, replyQueues } = filled(':inline=on')
  turnPool(threadsOf(0)[0]!.thread)
  const slots = new Int32Array(PERMITS)
  for (const [port, queue] of replyQueues.entries()) {
    expect(queue.tryPopBatch(slots, PERMITS)).toBe(PERMITS)
    for (const slot of slots) {
      bench.view.at(slot)
      expect(bench.view.get(SLOT_PORT)).toBe(port)
      expect(Math.floor(slot / PERMITS)).toBe(port)
    }
  }
})

test('a thread of a stage takes no more than the stage’s batch', () => {
  const { turnPool, threadsOf, lengths } = filled(':inline=off:batch=16')
  turnPool(threadsOf(0)[0]!.thread)
  expect(lengths()).toEqual([16, 16, 0, 0])
})

test('a fused thread finishes before it begins', () => {
  const { turnPool, pool, lengths } = filled(':layout=fused:inline=off:batch=16')
  const { thread } = pool[0]!
  turnPool(thread)
  expect(lengths()).toEqual([16, 16, 0, 0])
  turnPool(thread)
  expect(lengths()).toEqual([16, 0, 16, 0])
  turnPool(thread, 2)
  expect(lengths()).toEqual([16, 0, 0, 0])
})

test('a full queue makes its producer wait until there is room, and nothing is lost', () => {
  const taken: number[] = []
  let consumes = false
  const target = new Int32Array(8)
  const pool = filled(':inline=off:queueCapacity=64:batch=64', () => {
    // The consumer, while the producer asks whether to go on waiting.
    if (!consumes) return
    const count = pool.queues[1]!.tryPopBatch(target, 8)
    taken.push(...target.subarray(0, count))
  })
  const { queues, turnPool, threadsOf } = pool
  // Fill the second queue but for four places.
  queues[1]!.tryPushBatch(new Int32Array(60).fill(-1), 0, 60)
  consumes = true
  const before = queues[0]!.length()
  turnPool(threadsOf(0)[0]!.thread, 50)
  const rest = new Int32Array(64)
  const left = [...rest.subarray(0, queues[1]!.tryPopBatch(rest, 64))]
  const passed = [...taken, ...left].filter((slot) => slot !== -1)
  expect(before).toBe(2 * PERMITS)
  expect(new Set(passed).size).toBe(before)
  expect(passed).toHaveLength(before)
})

test('a thread whose place is not active takes nothing', () => {
  const { deployment, turnPool, threadsOf, lengths } = filled(':inline=off')
  const settings = new StageSettings(deployment.memory)
  settings.setActiveThreads(0, 1)
  const [first, second] = threadsOf(0)
  expect(second!.thread.hasWork()).toBe(false)
  turnPool(second!.thread)
  expect(lengths()[0]).toBe(2 * PERMITS)
  turnPool(first!.thread)
  expect(lengths()[0]).toBe(0)
})

test('only keyed stages take locks, one per request', () => {
  const { turnPool, threadsOf } = filled(':inline=off')
  const locked = [0, 1, 2, 3].map((stage) => {
    const { thread, counters } = threadsOf(stage)[0]!
    turnPool(thread)
    return counters.read().lockAcquisitions
  })
  expect(locked).toEqual([0, 0, 2 * PERMITS, 0])
})
