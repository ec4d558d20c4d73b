import { expect, test } from 'vitest'
import { NS_PER_MS } from '../../../harness/base/units.ts'
import { written } from '../../base/written.ts'
import { GAP_NS } from '../../ports/replay/bench.ts'
import { createPool } from './pool-bench.ts'

const GAPS = 100

test('puts what its port receives into the first queue', () => {
  const { bench, turnNetwork, lengths } = createPool()
  expect(turnNetwork(0)).toBe(false)
  bench.startSteady(GAPS)
  bench.clock.advance(20 * GAP_NS)
  expect(turnNetwork(0)).toBe(true)
  expect(lengths()).toEqual([bench.ports[0]!.inFlight(), 0, 0, 0])
})

test('moves no more than a batch per turn', () => {
  const { bench, turnNetwork, lengths } = createPool({
    options: ':batch=3',
    bench: { permits: 64 },
  })
  bench.startSteady(GAPS)
  bench.clock.advance(GAPS * GAP_NS)
  turnNetwork(0)
  expect(lengths()[0]).toBe(3)
  turnNetwork(0)
  expect(lengths()[0]).toBe(6)
})

test('keeps what a full queue does not take, receives nothing more, and loses nothing', () => {
  const { bench, queues, replyQueues, turnNetwork, finish } = createPool({
    options: ':queueCapacity=4:batch=6:threads=1',
    bench: { permits: 32 },
  })
  bench.startSteady(GAPS)
  bench.clock.advance(GAPS * GAP_NS)
  expect(turnNetwork(0)).toBe(true)
  expect(bench.ports[0]!.inFlight()).toBe(6)
  expect(turnNetwork(0)).toBe(false)
  expect([queues[0]!.length(), bench.ports[0]!.inFlight()]).toEqual([4, 6])
  // Two of the queue’s leave, the two that were kept follow, and nothing is received yet.
  const taken = new Int32Array(2)
  queues[0]!.tryPopBatch(taken, 2)
  expect(turnNetwork(0)).toBe(true)
  expect([queues[0]!.length(), bench.ports[0]!.inFlight()]).toEqual([4, 6])
  // They come back as if served, and everything else follows.
  bench.serve([...taken])
  replyQueues[0]!.tryPushBatch(taken, 0, 2)
  expect(finish(GAPS)).toBe(true)
  expect([bench.completed(3, 0) + bench.completed(3, 1), bench.total('wrong')]).toEqual([GAPS, 0])
})

test('counts what it handed off', () => {
  const { bench, turnNetwork, queues } = createPool({ bench: { permits: 64 } })
  bench.startSteady(GAPS)
  bench.clock.advance(GAPS * GAP_NS)
  turnNetwork(0)
  turnNetwork(1)
  expect(queues[0]!.statistics()).toMatchObject({ pushes: GAPS })
})

test('takes replies while the first queue is full', () => {
  const { bench, queues, replyQueues, turnNetwork } = createPool({
    options: ':queueCapacity=2:batch=4',
    bench: { permits: 4 },
  })
  bench.startSteady(GAPS)
  bench.clock.advance(GAPS * GAP_NS)
  turnNetwork(0)
  expect(queues[0]!.isFull()).toBe(true)
  const answered = new Int32Array(2)
  queues[0]!.tryPopBatch(answered, 2)
  turnNetwork(0)
  expect(queues[0]!.isFull()).toBe(true)
  bench.serve([...answered])
  replyQueues[0]!.tryPushBatch(answered, 0, 2)
  expect(turnNetwork(0)).toBe(true)
  expect(bench.completed()).toBe(2)
})

test('what waits for room in the first queue is refused when its deadline is over, which it says before', () => {
  const { bench, queues, networks, turnNetwork, finish } = createPool({
    options: ':queueCapacity=2:batch=5:threads=1',
    bench: { permits: 5, deadlineNs: 10 * GAP_NS, routing: 'shard-aware' },
  })
  const [port] = bench.ports
  const until = () => written((target, at) => networks[0]!.thread.nextTimerNs(target, at))
  expect(until()).toBe(Number.POSITIVE_INFINITY)
  bench.startSteady(GAPS)
  bench.clock.advance(10 * GAP_NS)
  expect(turnNetwork(0)).toBe(true)
  expect([queues[0]!.length(), port!.inFlight()]).toEqual([2, 5])
  const firstLateNs = until()
  const nowNs = bench.clock.nowNs()
  expect(firstLateNs - nowNs).toBeGreaterThan(0)
  expect(firstLateNs - nowNs).toBeLessThanOrEqual(10 * GAP_NS)
  bench.clock.advance(firstLateNs - nowNs - 1)
  expect([turnNetwork(0), port!.inFlight()]).toEqual([false, 5])
  bench.clock.advance(1)
  expect(turnNetwork(0)).toBe(true)
  port!.publish()
  expect([bench.total('refused'), port!.inFlight(), queues[0]!.length()]).toEqual([1, 4, 2])
  expect(until()).toBeGreaterThan(firstLateNs)
  bench.clock.advance(100 * GAP_NS)
  expect(turnNetwork(0)).toBe(true)
  expect(port!.inFlight()).toBe(2)
  expect(finish(GAPS)).toBe(true)
  const sum = (name: 'received' | 'refused' | 'wrong') =>
    bench.total(name, 3, 0) + bench.total(name, 3, 1)
  expect([sum('received') + sum('refused'), sum('wrong')]).toEqual([GAPS, 0])
  expect(bench.completed(3, 0) + bench.completed(3, 1)).toBe(sum('received'))
})

test('who has refused all that waited for room waits for none: what comes long after counts no wake-up as lost', () => {
  const { bench, queues, networks, turnNetwork } = createPool({
    options: ':queueCapacity=2:batch=5:threads=1',
    bench: { permits: 5, deadlineNs: 10 * GAP_NS, routing: 'shard-aware' },
  })
  const lost = () => networks[0]!.counters.read().lostWakeUps
  const gaps = (100 * NS_PER_MS) / GAP_NS
  bench.startSteady(gaps)
  bench.clock.advance(10 * GAP_NS)
  turnNetwork(0)
  expect([turnNetwork(0), queues[0]!.isFull()]).toEqual([false, true])
  // All that was kept is late, and the port has nothing else.
  bench.clock.advance(10 * GAP_NS)
  turnNetwork(0)
  queues[0]!.tryPopBatch(new Int32Array(2), 2)
  bench.clock.advance(60 * NS_PER_MS)
  for (let turns = 0; turns < gaps && queues[0]!.length() === 0; turns++) {
    turnNetwork(0)
    bench.clock.advance(GAP_NS)
  }
  expect([queues[0]!.length() > 0, lost()]).toEqual([true, 0])
})
