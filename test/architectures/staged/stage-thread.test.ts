import { expect, test } from 'vitest'
import { StageSettings } from '../../../harness/architectures/staged/staged-memory.ts'
import { SLOT_PORT } from '../../../harness/shared-memory/request-slab-layout.ts'
import { GAP_NS } from '../../ports/replay/bench.ts'
import { COUNTER_STAGES } from '../counter-stages.ts'
import { LEG_STAGES } from '../leg-stages.ts'
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
  ':batch=0',
  ':layout=fused:batch=0',
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

test.each([
  [':threads=2', [16, 8, 4, 2, 1, 1]],
  [':threads=3', [11, 7, 5, 3, 2, 2, 1, 1]],
  [':threads=1', [32]],
  [':layout=fused:threads=2', [16, 8, 4, 2, 1, 1]],
])(
  'with batch 0 a thread takes its share of the queue, at least one: staged%s',
  (options, shares) => {
    const pool = filled(`:inline=off:batch=0${options}`)
    const { thread } = pool.threadsOf(0)[0]!
    const taken = shares.map(() => {
      const before = pool.lengths()[0]!
      pool.turnPool(thread)
      // A shared pool’s thread would finish before it begins again.
      for (const queue of pool.queues.slice(1)) queue.tryPopBatch(new Int32Array(32), 32)
      return before - pool.lengths()[0]!
    })
    expect(taken).toEqual(shares)
    expect(pool.lengths()[0]).toBe(0)
  },
)

test('a share is no more than the stage’s batch', () => {
  const pool = filled(':inline=off:batch=0')
  new StageSettings(pool.deployment.memory).setBatch(0, 5)
  pool.turnPool(pool.threadsOf(0)[0]!.thread)
  expect(pool.lengths()[0]).toBe(2 * PERMITS - 5)
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
  // It has a wake-up to pass on, if it got one.
  expect(second!.thread.hasWork()).toBe(true)
  turnPool(second!.thread)
  expect(lengths()[0]).toBe(2 * PERMITS)
  turnPool(first!.thread)
  expect(lengths()[0]).toBe(0)
})

test('a thread of a shared pool serves whatever stage it was woken for while a controller moves threads', () => {
  const { deployment, pool, turnPool, lengths } = filled(
    ':layout=fused:inline=off:controllers=threads:maximumThreads=4',
  )
  const settings = new StageSettings(deployment.memory)
  for (const stage of [0, 1, 2, 3]) settings.setActiveThreads(stage, 1)
  expect(pool).toHaveLength(4)
  const last = pool.at(-1)!.thread
  expect(last.hasWork()).toBe(true)
  turnPool(last)
  expect(lengths()).toEqual([0, 2 * PERMITS, 0, 0])
})

test('only keyed stages take locks, one per request', () => {
  const { turnPool, threadsOf } = filled(':inline=off:locks=striped')
  const locked = [0, 1, 2, 3].map((stage) => {
    const { thread, counters } = threadsOf(stage)[0]!
    turnPool(thread)
    return counters.read().lockAcquisitions
  })
  expect(locked).toEqual([0, 0, 2 * PERMITS, 0])
})

const LEGS = { keysPerRequest: { minimum: 1, maximum: 5, spread: 'scattered' } } as const

test.each(['', ':layout=fused', ':inline=on', ':locks=reader-writer', ':batch=1'])(
  'threads answer every leg of requests over many keys right: staged%s',
  (options) => {
    const { bench, finish, verdict } = createPool({
      options,
      stages: LEG_STAGES,
      bench: { permits: PERMITS, workload: LEGS },
    })
    bench.startSteady(GAPS)
    expect(finish(GAPS)).toBe(true)
    expect([bench.total('wrong', 3, 0), bench.total('wrong', 3, 1)]).toEqual([0, 0])
    expect(verdict()).toBeUndefined()
  },
)

test('each leg of a request is under its own key’s lock, one after the other', () => {
  const pool = createPool({
    options: ':inline=off:locks=striped',
    stages: LEG_STAGES,
    bench: { permits: PERMITS, workload: LEGS },
  })
  pool.bench.startSteady(GAPS)
  pool.bench.clock.advance(GAPS * GAP_NS)
  pool.turnNetwork(0)
  pool.turnNetwork(1)
  const [, , apply] = [0, 1, 2].map((stage) => {
    const first = pool.threadsOf(stage)[0]!
    pool.turnPool(first.thread)
    return first.counters.read().lockAcquisitions
  })
  const legs = pool.bench.memories.reduce((sum, { playbacks }, port) => {
    const received = pool.bench.ports[port]!.inFlight()
    return sum + playbacks[3].trace.legs.subarray(0, received).reduce((a, b) => a + b, 0)
  }, 0)
  expect(apply).toBe(legs)
  expect(legs).toBeGreaterThan(2 * PERMITS)
})

/** The counter with a stage before the keyed one in which threads sleep; what was slept goes into `slept`. */
function sleepingPool(options: string) {
  const slept: number[] = []
  const [decode, route, apply, encode] = COUNTER_STAGES
  const pool = createPool({
    options,
    stages: [
      decode!,
      route!,
      { name: 'device', wait: { micros: 9 }, run: () => {} },
      apply!,
      encode!,
    ],
    context: { blockingWait: { wait: () => {}, sleep: (ns) => void slept.push(ns) } },
    bench: { permits: PERMITS },
  })
  pool.bench.startSteady(GAPS)
  return { pool, slept }
}

test.each(['', ':layout=fused', ':layout=fused:inline=off', ':inline=on', ':blockingThreads=1'])(
  'threads that sleep for a device answer every request right: staged%s',
  (options) => {
    const { pool, slept } = sleepingPool(options)
    expect(pool.finish(GAPS)).toBe(true)
    expect(pool.verdict()).toBeUndefined()
    expect(slept).toEqual(Array.from({ length: GAPS }, () => 9_000))
  },
)

test('a stage in which threads sleep has many of them, each with one request at a time', () => {
  const { pool, slept } = sleepingPool(':blockingThreads=7')
  expect([0, 1, 2, 3, 4].map((stage) => pool.threadsOf(stage).length)).toEqual([2, 2, 7, 2, 2])
  pool.bench.clock.advance(GAPS * GAP_NS)
  pool.turnNetwork(0)
  pool.turnPool(pool.threadsOf(0)[0]!.thread)
  pool.turnPool(pool.threadsOf(1)[0]!.thread)
  expect(pool.lengths()).toEqual([0, 0, PERMITS, 0, 0])
  pool.turnPool(pool.threadsOf(2)[0]!.thread)
  expect(slept).toHaveLength(1)
  expect(pool.lengths()).toEqual([0, 0, PERMITS - 1, 1, 0])
})

test('in a shared pool any thread serves a stage, as many at once as the stage has', () => {
  const { pool } = sleepingPool(':layout=fused:inline=off:blockingThreads=3')
  // Three may sleep, two are left.
  expect(pool.pool).toHaveLength(5)
  pool.bench.clock.advance(GAPS * GAP_NS)
  pool.turnNetwork(0)
  const settings = new StageSettings(pool.deployment.memory)
  const last = pool.pool.at(-1)!.thread
  settings.enter(0)
  settings.enter(0)
  expect(last.hasWork()).toBe(false)
  pool.turnPool(last)
  expect(pool.lengths()[0]).toBe(PERMITS)
  settings.leave(0)
  expect(last.hasWork()).toBe(true)
  pool.turnPool(last)
  expect(pool.lengths()).toEqual([0, PERMITS, 0, 0, 0])
  // It gave its permit back.
  expect([settings.tryEnter(0), settings.tryEnter(0)]).toEqual([true, false])
})

test('with inline on a batch does not sleep on one thread, one request behind the other', () => {
  const { pool, slept } = sleepingPool(':inline=on')
  pool.bench.clock.advance(GAPS * GAP_NS)
  pool.turnNetwork(0)
  pool.turnPool(pool.threadsOf(0)[0]!.thread)
  expect(slept).toEqual([])
  expect(pool.lengths()).toEqual([0, 0, PERMITS, 0, 0])
  pool.turnPool(pool.threadsOf(2)[0]!.thread)
  // One is through to its end.
  expect(slept).toHaveLength(1)
  expect(pool.lengths()).toEqual([0, 0, PERMITS - 1, 0, 0])
})

test('a thread that finds a queue empty after all gives its permit back', () => {
  const { deployment, turnPool, threadsOf } = filled(':inline=off')
  const settings = new StageSettings(deployment.memory)
  // As if another thread had taken it all in between.
  settings.setBatch(0, 0)
  turnPool(threadsOf(0)[0]!.thread)
  expect([settings.tryEnter(0), settings.tryEnter(0)]).toEqual([true, true])
})
