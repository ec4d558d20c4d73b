import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Peer } from '../../../harness/architectures/sharded/mailbox.ts'
import {
  createShardedMemory,
  doorbellAt,
  replyRingAt,
  requestRingAt,
} from '../../../harness/architectures/sharded/sharded-memory.ts'
import { Doorbell, DOORBELL_WORDS } from '../../../harness/shared-memory/doorbell.ts'
import { ringWords, type SpscConsumer } from '../../../harness/shared-memory/spsc-ring.ts'
import { oneThread } from '../../shared-memory/thread-parts.ts'

/** Two shards’ ends of the mailboxes between them. */
function twoPeers(capacity: number) {
  const memory = createShardedMemory({
    shardCount: 2,
    ringCapacity: capacity,
    offLoadSlots: 0,
    lateSlots: 0,
  })
  const words = new Int32Array(memory.buffer)
  const { awake, counters } = oneThread()
  const doorbells = [0, 1].map((shard) => new Doorbell(words, doorbellAt(shard), awake, counters))
  const toOne = new Peer(memory, words, 0, 1, doorbells[1]!)
  const toZero = new Peer(memory, words, 1, 0, doorbells[0]!)
  return { toOne, toZero, doorbells, counters }
}

function takeAll(ring: SpscConsumer): number[] {
  const taken = Array.from({ length: ring.available() }, () => ring.pop())
  ring.release()
  return taken
}

test('what is sent is seen after the publication, once, in order', () => {
  const { toOne, toZero } = twoPeers(4)
  expect([7, 8, 9].map((slot) => toOne.trySend(slot))).toEqual([true, true, true])
  expect(takeAll(toZero.requestsIn)).toEqual([])
  toOne.publish()
  expect(takeAll(toZero.requestsIn)).toEqual([7, 8, 9])
  expect(takeAll(toZero.requestsIn)).toEqual([])
})

test('permits count from the push until the reply is taken, not until the request is', () => {
  const { toOne, toZero } = twoPeers(2)
  expect([1, 2, 3].map((slot) => toOne.trySend(slot))).toEqual([true, true, false])
  toOne.publish()
  const requests = takeAll(toZero.requestsIn)
  expect(toOne.trySend(3)).toBe(false)
  for (const slot of requests) expect(toZero.repliesOut.tryPush(slot)).toBe(true)
  toZero.publish()
  expect(toOne.trySend(3)).toBe(false)
  toOne.answered(takeAll(toOne.repliesIn).length)
  expect(toOne.trySend(3)).toBe(true)
})

test('one wake-up announces requests and replies together, and only to a sleeper', () => {
  const { toOne, toZero, doorbells, counters } = twoPeers(4)
  const wakeUps = () => counters.read().wakeUps
  toZero.trySend(1)
  toZero.publish()
  expect(wakeUps()).toBe(0)
  takeAll(toOne.requestsIn)
  doorbells[1]!.prepareToSleep()
  toOne.repliesOut.tryPush(1)
  toOne.trySend(2)
  toOne.publish()
  expect(wakeUps()).toBe(1)
  doorbells[1]!.prepareToSleep()
  toOne.publish()
  expect(wakeUps()).toBe(1)
})

test('two shards full of each other’s requests can always answer', () => {
  const turns = fc.array(fc.boolean(), { maxLength: 60 })
  fc.assert(
    fc.property(fc.constantFrom(1, 2, 4), turns, (capacity, course) => {
      const { toOne, toZero } = twoPeers(capacity)
      const answered = [0, 0]
      const sent = [0, 0]
      for (const first of course) {
        const self = first ? 0 : 1
        const peer = first ? toOne : toZero
        const replies = takeAll(peer.repliesIn).length
        peer.answered(replies)
        answered[self]! += replies
        while (peer.trySend(100 + sent[self]!)) sent[self]!++
        for (const slot of takeAll(peer.requestsIn))
          expect(peer.repliesOut.tryPush(slot)).toBe(true)
        peer.publish()
        expect(sent[self]! - answered[self]!).toBeLessThanOrEqual(capacity)
      }
    }),
  )
})

test('no two rings and doorbells share a word', () => {
  const memory = createShardedMemory({
    shardCount: 3,
    ringCapacity: 4,
    offLoadSlots: 0,
    lateSlots: 0,
  })
  const size = ringWords(4)
  const shards = [0, 1, 2]
  const rings = shards.flatMap((from) =>
    shards.flatMap((to) => [requestRingAt(memory, from, to), replyRingAt(memory, from, to)]),
  )
  const areas = [
    ...shards.map((shard) => [doorbellAt(shard), DOORBELL_WORDS] as const),
    ...rings.map((at) => [at, size] as const),
  ].toSorted(([a], [b]) => a - b)
  areas.reduce((end, [at, words]) => {
    expect(at).toBeGreaterThanOrEqual(end)
    return at + words
  }, 0)
  expect(rings.length).toBe(18)
  expect(Math.max(...rings) + size).toBeLessThanOrEqual(memory.buffer.byteLength / 4)
})
