import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Peer } from '../../../harness/architectures/sharded/mailbox.ts'
import { Outbox } from '../../../harness/architectures/sharded/outbox.ts'
import {
  createShardedMemory,
  doorbellAt,
} from '../../../harness/architectures/sharded/sharded-memory.ts'
import { Doorbell } from '../../../harness/shared-memory/doorbell.ts'
import type { SpscConsumer } from '../../../harness/shared-memory/spsc-ring.ts'
import { oneThread } from '../../shared-memory/thread-parts.ts'

const OWN = 0
const PEERS = [1, 2] as const
const SLOTS = 12

/** Shard 0’s outbox, and the ends of its mailboxes that the two others have. */
function createOutbox(ringCapacity: number) {
  const shardCount = 1 + PEERS.length
  const memory = createShardedMemory({ shardCount, ringCapacity, offLoadSlots: 0 })
  const words = new Int32Array(memory.buffer)
  const { awake, counters } = oneThread()
  const bell = (shard: number) => new Doorbell(words, doorbellAt(shard), awake, counters)
  const peers = PEERS.map((shard) => new Peer(memory, words, OWN, shard, bell(shard)))
  const far = PEERS.map((shard) => new Peer(memory, words, shard, OWN, bell(OWN)))
  const parts = { shardCount, peers, slotCount: SLOTS, legsPerSlot: 0, counters }
  return { outbox: new Outbox(parts), peers, far, counters }
}

function take(ring: SpscConsumer, most = Number.POSITIVE_INFINITY): number[] {
  const taken = Array.from({ length: Math.min(most, ring.available()) }, () => ring.pop())
  ring.release()
  return taken
}

const peer = fc.nat(PEERS.length - 1)
const courses = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('send' as const), peer }) },
    fc.record({ kind: fc.constant('send waiting' as const) }),
    fc.record({ kind: fc.constant('serve' as const), peer, count: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ kind: fc.constant('take replies' as const), peer }),
  ),
  { maxLength: 200 },
)

test('whatever the course, each peer gets what is for it in order, once, under its permits, and as soon as one is free', () => {
  fc.assert(
    fc.property(courses, fc.constantFrom(1, 2, 4), (course, permits) => {
      const { outbox, peers, far, counters } = createOutbox(permits)
      const free = Array.from({ length: SLOTS }, (_, slot) => slot)
      // The plain model, by peer: what waits, what is on its way there, and what was served and is on its way back.
      const waiting: number[][] = [[], []]
      const under: number[][] = [[], []]
      const back: number[][] = [[], []]
      let sent = 0
      const mayMove = (at: number) =>
        waiting[at]!.length > 0 && under[at]!.length + back[at]!.length < permits
      const moveWaiting = (at: number) => {
        while (mayMove(at)) {
          under[at]!.push(waiting[at]!.shift()!)
          sent++
        }
      }
      /** What a step should find, and what it found. */
      const act = (step: (typeof course)[number]): [expected: unknown, found: unknown] => {
        if (step.kind === 'send') {
          const slot = free.shift()
          if (slot === undefined) return [true, true]
          outbox.send(slot, PEERS[step.peer]!)
          // Others may go on waiting though a permit is free: until the next look at them nobody overtakes.
          const hadOthers = waiting[step.peer]!.length > 0
          waiting[step.peer]!.push(slot)
          if (!hadOthers) moveWaiting(step.peer)
          return [sent, counters.read().messages]
        }
        if (step.kind === 'send waiting') {
          const some = PEERS.some((_, at) => mayMove(at))
          PEERS.forEach((_, at) => moveWaiting(at))
          return [
            [some, sent],
            [outbox.sendWaiting(), counters.read().messages],
          ]
        }
        if (step.kind === 'serve') {
          outbox.publish()
          const taken = take(far[step.peer]!.requestsIn, step.count)
          const answered = taken.filter((slot) => far[step.peer]!.repliesOut.tryPush(slot))
          far[step.peer]!.publish()
          back[step.peer]!.push(...taken)
          return [under[step.peer]!.splice(0, taken.length), answered]
        }
        const taken = take(peers[step.peer]!.repliesIn)
        peers[step.peer]!.answered(taken.length)
        free.push(...taken)
        return [back[step.peer]!.splice(0, taken.length), taken]
      }
      const check = (step: (typeof course)[number]) => {
        const [expected, found] = act(step)
        expect(found).toEqual(expected)
      }
      course.forEach(check)
      // In the end everybody gets on, and every slot is free again.
      for (let round = 0; free.length < SLOTS && round < 3 * SLOTS; round++) {
        check({ kind: 'send waiting' })
        for (const at of PEERS.keys()) {
          check({ kind: 'serve', peer: at, count: SLOTS })
          check({ kind: 'take replies', peer: at })
        }
      }
      expect(free.toSorted((a, b) => a - b)).toEqual(Array.from({ length: SLOTS }, (_, s) => s))
    }),
    { numRuns: 300 },
  )
})

test('a peer that does not turn keeps only those that want it waiting', () => {
  const { outbox, far } = createOutbox(1)
  for (const slot of [0, 1, 2, 3]) outbox.send(slot, 1)
  outbox.send(4, 2)
  outbox.publish()
  expect(far.map(({ requestsIn }) => take(requestsIn))).toEqual([[0], [4]])
  expect(outbox.sendWaiting()).toBe(false)
})
