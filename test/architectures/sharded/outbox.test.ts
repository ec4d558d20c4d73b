import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LateRequests, Outbox } from '../../../harness/architectures/sharded/outbox.ts'
import { Peer } from '../../../harness/architectures/sharded/mailbox.ts'
import {
  createShardedMemory,
  doorbellAt,
} from '../../../harness/architectures/sharded/sharded-memory.ts'
import { Doorbell } from '../../../harness/shared-memory/doorbell.ts'
import {
  createRequestSlab,
  SLOT_NEXT_STAGE,
} from '../../../harness/shared-memory/request-slab-layout.ts'
import { RequestView } from '../../../harness/shared-memory/request-view.ts'
import type { SpscConsumer } from '../../../harness/shared-memory/spsc-ring.ts'
import { written } from '../../base/written.ts'
import { oneThread } from '../../shared-memory/thread-parts.ts'

const OWN = 0
const PEERS = [1, 2] as const
const SLOTS = 12
const STEPS = [{ access: 'none' }, { access: 'write' }, { access: 'read' }] as const
const FIRST_KEYED = 1
const LEG = -2
const DEADLINE = 5

/** Shard 0’s outbox, the ends of its mailboxes that the two others have, and a port that knows what is due when. */
function createOutbox(ringCapacity: number, deadline = Number.POSITIVE_INFINITY) {
  const shardCount = 1 + PEERS.length
  const memory = createShardedMemory({ shardCount, ringCapacity, offLoadSlots: 0, lateSlots: 0 })
  const words = new Int32Array(memory.buffer)
  const { awake, counters } = oneThread()
  const bell = (shard: number) => new Doorbell(words, doorbellAt(shard), awake, counters)
  const peers = PEERS.map((shard) => new Peer(memory, words, OWN, shard, bell(shard)))
  const far = PEERS.map((shard) => new Peer(memory, words, shard, OWN, bell(OWN)))
  const view = new RequestView(createRequestSlab(SLOTS, 8, 8))
  const refused: number[] = []
  const dues = Array.from({ length: SLOTS }, () => 0)
  const time = { now: 0 }
  /** A port knows its own requests, not their legs. */
  const knows = (slot: number) => {
    view.at(slot)
    if (view.get(SLOT_NEXT_STAGE) === LEG) throw new Error(`no request of the port: slot=${slot}`)
  }
  const port = {
    isLate: (slot: number) => {
      knows(slot)
      return time.now - dues[slot]! >= deadline
    },
    lateFromNs: (slot: number, target: Float64Array, at: number) => {
      knows(slot)
      target[at] = dues[slot]! + deadline
    },
    refuse: (slots: Int32Array, from: number, to: number) =>
      void refused.push(...slots.subarray(from, to)),
  }
  const sizes = { shardCount, slotCount: SLOTS, legsPerSlot: 0 }
  const outbox = new Outbox({
    ...sizes,
    peers,
    counters,
    late: new LateRequests({ port, view, steps: STEPS, lateSlots: null }),
  })
  const send = (slot: number, owner: number, stage = FIRST_KEYED, due = time.now) => {
    dues[slot] = due
    view.at(slot)
    view.set(SLOT_NEXT_STAGE, stage)
    outbox.send(slot, owner)
  }
  return { outbox, send, peers, far, counters, refused, dues, time }
}

function take(ring: SpscConsumer, most = Number.POSITIVE_INFINITY): number[] {
  const taken = Array.from({ length: Math.min(most, ring.available()) }, () => ring.pop())
  ring.release()
  return taken
}

const peer = fc.nat(PEERS.length - 1)
const stage = fc.constantFrom(FIRST_KEYED, FIRST_KEYED, FIRST_KEYED, 2, LEG)
const courses = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('send' as const), peer, stage, age: fc.nat(4) }),
    },
    fc.record({ kind: fc.constant('send waiting' as const), later: fc.nat(3) }),
    fc.record({ kind: fc.constant('serve' as const), peer, count: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ kind: fc.constant('take replies' as const), peer }),
  ),
  { maxLength: 200 },
)

test('whatever the course, each peer gets what is for it in order, once, under its permits, and as soon as one is free, or the port refuses it when its time is over', () => {
  fc.assert(
    fc.property(
      courses,
      fc.constantFrom(1, 2, 4),
      fc.constantFrom(DEADLINE, Number.POSITIVE_INFINITY),
      (course, permits, deadline) => {
        const server = createOutbox(permits, deadline)
        const { outbox, peers, far, counters, time, refused, dues } = server
        const free = Array.from({ length: SLOTS }, (_, slot) => slot)
        // The plain model, by peer: what waits, what is on its way there, and what was served and is on its way back.
        type Waiting = { slot: number; stage: number; since: number }
        const waiting: Waiting[][] = [[], []]
        const under: number[][] = [[], []]
        const back: number[][] = [[], []]
        const gone: number[] = []
        let sent = 0
        const isLate = (entry: Waiting) =>
          entry.stage === FIRST_KEYED && time.now >= dues[entry.slot]! + deadline
        const hasPermit = (at: number) => under[at]!.length + back[at]!.length < permits
        /** Answers how many of those that wait for a peer go, either way. */
        const move = (at: number, refuses: boolean): number => {
          const before = waiting[at]!.length
          for (let first = waiting[at]![0]; first !== undefined; first = waiting[at]![0]) {
            if (refuses && isLate(first)) {
              gone.push(first.slot)
              free.push(first.slot)
            } else if (hasPermit(at)) {
              under[at]!.push(first.slot)
              sent++
            } else break
            waiting[at]!.shift()
          }
          return before - waiting[at]!.length
        }
        const nextRefusal = () =>
          Math.min(
            ...waiting.map(([first]) =>
              first?.stage === FIRST_KEYED ? dues[first.slot]! + deadline : Infinity,
            ),
          )
        /** What a step should find, and what it found. */
        const act = (step: (typeof course)[number]): [expected: unknown, found: unknown] => {
          if (step.kind === 'send') {
            const slot = free.shift()
            if (slot === undefined) return [true, true]
            server.send(slot, PEERS[step.peer]!, step.stage, time.now - step.age)
            // Others may go on waiting though a permit is free: until the next look at them nobody overtakes.
            const hadOthers = waiting[step.peer]!.length > 0
            waiting[step.peer]!.push({ slot, stage: step.stage, since: time.now })
            if (!hadOthers) move(step.peer, false)
            return [sent, counters.read().messages]
          }
          if (step.kind === 'send waiting') {
            time.now += step.later
            const moved = PEERS.reduce((sum, _, at) => sum + move(at, true), 0)
            const found = [outbox.sendWaiting(), counters.read().messages, [...refused]]
            const target = written((cell, at) => outbox.nextRefusalNs(cell, at))
            return [
              [moved > 0, sent, gone, nextRefusal(), []],
              [...found, target, overdue(waiting, time.now - deadline)],
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
          check({ kind: 'send waiting', later: 0 })
          for (const at of PEERS.keys()) {
            check({ kind: 'serve', peer: at, count: SLOTS })
            check({ kind: 'take replies', peer: at })
          }
        }
        expect(free.toSorted((a, b) => a - b)).toEqual(Array.from({ length: SLOTS }, (_, s) => s))
      },
    ),
    { numRuns: 500 },
  )
})

/** Those that have waited since `latest` or before, though nobody is in front of them who may not be refused. */
function overdue(
  waiting: readonly (readonly { slot: number; stage: number; since: number }[])[],
  latest: number,
): number[] {
  return waiting.flatMap((queue) => {
    const kept = queue.findIndex((entry) => entry.stage !== FIRST_KEYED)
    const refusable = kept === -1 ? queue : queue.slice(0, kept)
    return refusable.filter(({ since }) => since <= latest).map(({ slot }) => slot)
  })
}

test('a peer that does not turn keeps only those that want it waiting', () => {
  const { outbox, send, far } = createOutbox(1)
  for (const slot of [0, 1, 2, 3]) send(slot, 1)
  send(4, 2)
  outbox.publish()
  expect(far.map(({ requestsIn }) => take(requestsIn))).toEqual([[0], [4]])
  expect(outbox.sendWaiting()).toBe(false)
})

test('legs, and what was at a record before, are sent late rather than refused', () => {
  const { outbox, send, peers, far, refused, time } = createOutbox(1, DEADLINE)
  send(0, 1)
  send(1, 1, LEG)
  send(2, 1, FIRST_KEYED + 1)
  send(3, 1)
  time.now += DEADLINE
  const sent = [0, 1, 2, 3].map(() => {
    outbox.publish()
    const taken = take(far[0]!.requestsIn)
    for (const slot of taken) far[0]!.repliesOut.tryPush(slot)
    far[0]!.publish()
    peers[0]!.answered(take(peers[0]!.repliesIn).length)
    outbox.sendWaiting()
    return taken
  })
  expect([sent, refused]).toEqual([[[0], [1], [2], []], [3]])
})
