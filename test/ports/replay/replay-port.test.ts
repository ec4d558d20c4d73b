import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TURN_NOW, TURN_TOOK } from '../../../harness/contract/port.ts'
import { fineBucket } from '../../../harness/measure/buckets.ts'
import { ANSWERED_TWICE, idOf, WRONG_ANSWERS } from '../../../harness/ports/replay/answer-check.ts'
import {
  PHASE_REHEARSAL,
  PHASE_STEADY_STATE,
  PHASE_WARM_UP,
} from '../../../harness/ports/replay/control.ts'
import {
  FRAME_CHECKSUM,
  FRAME_ID,
  FRAME_STATUS,
} from '../../../harness/ports/replay/frame-codec.ts'
import { SLOT_KEY, SLOT_PORT } from '../../../harness/shared-memory/request-slab-layout.ts'
import { keyOf } from '../../../harness/workload/trace-layout.ts'
import { type Bench, createBench, GAP_NS, START_NS } from './bench.ts'

/** Ids in the frames of the slots. */
function idsOf(bench: Bench, slots: readonly number[]): number[] {
  return slots.map((slot) => {
    bench.view.at(slot)
    return bench.view.get(FRAME_ID)
  })
}

test('before its phase begins a port receives nothing', () => {
  const bench = createBench()
  expect(bench.receive()).toEqual([])
  expect(bench.nextDueNs()).toBe(Number.POSITIVE_INFINITY)
  bench.control.setLoad(GAP_NS)
  bench.control.startPhase(PHASE_WARM_UP, START_NS + 500)
  expect(bench.receive()).toEqual([])
  expect(bench.nextDueNs()).toBe(START_NS + 500)
  bench.clock.advance(500)
  expect(idsOf(bench, bench.receive())).toEqual([idOf(0)])
})

test('a request is received at its due instant and not before', () => {
  const bench = createBench()
  bench.startSteady()
  expect(bench.receive()).toHaveLength(1)
  bench.clock.advance(GAP_NS - 1)
  expect(bench.receive()).toHaveLength(0)
  expect(bench.nextDueNs()).toBe(START_NS + GAP_NS)
  bench.clock.advance(1)
  expect(idsOf(bench, bench.receive())).toEqual([idOf(1)])
})

test('receives what is due in order, up to the limit, into slots of its own', () => {
  const bench = createBench({ portCount: 2, permits: 8, cycle: 256 })
  bench.startSteady()
  bench.clock.advance(60 * GAP_NS)
  const slots = bench.receive(3, 1)
  expect(idsOf(bench, slots)).toEqual([0, 1, 2].map(idOf))
  expect(slots.every((slot) => slot >= 8 && slot < 16)).toBe(true)
  bench.view.at(slots[0]!)
  expect(bench.view.get(SLOT_PORT)).toBe(1)
})

test('latency counts from the due instant to the flush, whenever the request was received', () => {
  const bench = createBench()
  bench.startSteady()
  bench.clock.advance(GAP_NS)
  const slots = bench.receive()
  bench.serve(slots)
  bench.clock.advance(2_500)
  bench.reply(slots)
  const { fine, maxima } = bench.memories[0]!.playbacks[PHASE_STEADY_STATE].recorder
  expect([fine[fineBucket(2_500)], fine[fineBucket(3_500)]]).toEqual([1, 1])
  expect([bench.total('smallestNs'), maxima[0]]).toEqual([2_500, 3_500])
})

test('without a free slot what is due waits in the backlog, and its latency grows', () => {
  const bench = createBench({ permits: 2 })
  bench.startSteady()
  bench.clock.advance(9 * GAP_NS)
  const first = bench.receive(8)
  expect(first).toHaveLength(2)
  expect(bench.ports[0]!.inFlight()).toBe(2)
  // Nothing will be received before a reply: a driver that slept until then would sleep for ever, or be rung.
  expect(bench.nextDueNs()).toBe(Number.POSITIVE_INFINITY)
  expect([bench.total('largestBacklog'), bench.total('largestBacklogAgeNs')]).toEqual([
    8,
    7 * GAP_NS,
  ])
  bench.serve(first)
  bench.reply(first)
  const second = bench.receive(8)
  expect(idsOf(bench, second)).toEqual([idOf(2), idOf(3)])
  bench.serve(second)
  bench.reply(second)
  expect(bench.total('smallestNs')).toBe(6 * GAP_NS)
  expect(bench.completed()).toBe(4)
})

test('at max every free slot is filled at once, and latency counts from there', () => {
  const bench = createBench({ permits: 4, cycle: 8 })
  bench.startSteady(100, 0)
  const first = bench.receive(64)
  expect(idsOf(bench, first)).toEqual([0, 1, 2, 3].map(idOf))
  bench.serve(first)
  bench.clock.advance(700)
  bench.reply(first.slice(0, 3))
  expect([bench.total('smallestNs'), bench.completed()]).toEqual([700, 3])
  // More than a cycle: it begins again.
  bench.reply(first.slice(3))
  for (let round = 0; round < 3; round++) {
    const slots = bench.receive(64)
    bench.serve(slots)
    bench.reply(slots)
  }
  bench.ports[0]!.publish()
  expect([bench.total('played'), bench.total('wrong'), bench.total('neverReceived')]).toEqual([
    16, 0, 0,
  ])
})

test('phases follow one another, each with its own trace position and records', () => {
  const bench = createBench()
  bench.control.setLoad(GAP_NS)
  bench.control.startPhase(PHASE_WARM_UP, START_NS)
  bench.clock.advance(2 * GAP_NS)
  const warm = bench.receive()
  bench.control.startPhase(PHASE_REHEARSAL, START_NS + 2 * GAP_NS)
  const rehearsed = bench.receive()
  bench.clock.advance(GAP_NS)
  bench.control.setLoad(GAP_NS, START_NS + 100 * GAP_NS)
  bench.control.startPhase(PHASE_STEADY_STATE, START_NS + 3 * GAP_NS)
  const steady = bench.receive()
  expect([warm, rehearsed, steady].map((slots) => idsOf(bench, slots))).toEqual([
    [1, 2, 3],
    [1],
    [1],
  ])
  // All of them are answered together, in the steady state.
  const all = [...warm, ...rehearsed, ...steady]
  bench.serve(all)
  bench.reply(all)
  const phases = [PHASE_WARM_UP, PHASE_REHEARSAL, PHASE_STEADY_STATE] as const
  expect(phases.map((phase) => bench.completed(phase))).toEqual([3, 1, 1])
  bench.ports[0]!.publish()
  expect(phases.map((phase) => bench.total('played', phase))).toEqual([3, 1, 1])
  expect([bench.total('wrong'), bench.total('inFlight')]).toEqual([0, 0])
})

test('what is due at the end of the steady state or later is not received', () => {
  const bench = createBench({ permits: 64 })
  bench.startSteady(4)
  bench.clock.advance(10 * GAP_NS)
  expect(idsOf(bench, bench.receive(64))).toEqual([0, 1, 2, 3].map(idOf))
  expect(bench.total('finished')).toBe(1)
  expect(bench.nextDueNs()).toBe(Number.POSITIVE_INFINITY)
})

test('what is due exactly at the end was not due in the steady state', () => {
  const bench = createBench({ permits: 64 })
  bench.startSteady(4)
  bench.clock.advance(10 * GAP_NS)
  const slots = bench.receive(64)
  bench.serve(slots)
  bench.reply(slots)
  bench.ports[0]!.publish()
  expect([bench.total('received'), bench.total('neverReceived')]).toEqual([4, 0])
})

test('finished is never published beside an older count of requests in flight', () => {
  const bench = createBench()
  bench.startSteady(4)
  bench.ports[0]!.publish()
  bench.clock.advance(3 * GAP_NS)
  bench.receive(2)
  bench.clock.advance(3 * GAP_NS)
  bench.receive(64)
  expect(bench.total('finished')).toBe(1)
  expect(bench.total('inFlight')).toBe(4)
})

test('a port without requests is not finished before the steady state', () => {
  // One key, which the other shard owns.
  const bench = createBench({ portCount: 2, keys: 1, routing: 'shard-aware' })
  const empty = bench.trace.ports.findIndex((part) => part.count === 0)
  bench.control.setLoad(GAP_NS)
  bench.control.startPhase(PHASE_WARM_UP, START_NS)
  expect(bench.receive(8, empty)).toEqual([])
  expect(bench.total('finished', PHASE_STEADY_STATE, empty)).toBe(0)
  bench.startSteady(4)
  expect(bench.receive(8, empty)).toEqual([])
  expect(bench.total('finished', PHASE_STEADY_STATE, empty)).toBe(1)
})

test('replies after the end of the steady state are latencies, not throughput', () => {
  const bench = createBench()
  bench.startSteady(4)
  bench.clock.advance(3 * GAP_NS)
  const slots = bench.receive()
  bench.serve(slots)
  bench.reply(slots.slice(0, 1))
  bench.clock.advance(2 * GAP_NS)
  bench.reply(slots.slice(1))
  bench.ports[0]!.publish()
  const inTime = bench.total('repliesFirstHalf') + bench.total('repliesSecondHalf')
  expect([inTime, bench.completed()]).toEqual([1, 4])
})

test('a closed port gives up its backlog, says so, and still takes replies', () => {
  const bench = createBench({ permits: 2 })
  bench.startSteady(5.5)
  bench.clock.advance(10 * GAP_NS)
  const held = bench.receive()
  bench.control.closePorts()
  expect(bench.receive()).toEqual([])
  expect(bench.total('finished')).toBe(1)
  expect([bench.total('received'), bench.total('neverReceived')]).toEqual([2, 4])
  expect(bench.total('oldestUnansweredNs')).toBe(10 * GAP_NS)
  bench.serve(held)
  bench.reply(held)
  bench.ports[0]!.publish()
  expect([bench.total('inFlight'), bench.completed(), bench.total('wrong')]).toEqual([0, 2, 0])
  expect(bench.receive()).toEqual([])
})

test.each([
  [FRAME_ID, 99, 'the reply carries another request’s id'],
  [FRAME_STATUS, 1, 'the reply’s status is not ok'],
  [SLOT_KEY + 3, 0, 'the reply carries another key'],
  [FRAME_CHECKSUM, 0, 'the reply’s checksum does not fit its key and version'],
])('a reply whose word %i is %i is wrong: %s', (word, value, sentence) => {
  const bench = createBench()
  bench.startSteady()
  bench.clock.advance(GAP_NS)
  const slots = bench.receive()
  bench.serve(slots)
  bench.view.at(slots[1]!)
  bench.view.set(word, value)
  bench.reply(slots)
  expect(bench.total('wrong')).toBe(1)
  expect(WRONG_ANSWERS[bench.total('firstWrongKind')]).toBe(sentence)
  expect(bench.total('firstWrongKey')).toBe(keyOf(bench.trace.ports[0]!.requests[1]!))
})

test('only the first wrong answer is described, all are counted', () => {
  const bench = createBench()
  bench.startSteady()
  bench.clock.advance(2 * GAP_NS)
  const slots = bench.receive()
  bench.serve(slots)
  const words = [FRAME_CHECKSUM, FRAME_ID]
  words.forEach((word, index) => {
    bench.view.at(slots[index]!)
    bench.view.set(word, 0)
  })
  bench.reply(slots)
  expect(bench.total('wrong')).toBe(2)
  expect(WRONG_ANSWERS[bench.total('firstWrongKind')]).toContain('checksum')
})

test('answering a request twice is wrong, in one batch and in two', () => {
  for (const together of [true, false]) {
    const bench = createBench()
    bench.startSteady()
    const [slot] = bench.receive()
    bench.serve([slot!])
    bench.ports[0]!.reply(Int32Array.of(slot!), 0, 1)
    if (!together) bench.ports[0]!.flush()
    bench.reply([slot!])
    expect(bench.total('wrong')).toBe(1)
    expect(bench.total('firstWrongKind')).toBe(ANSWERED_TWICE)
    expect(bench.completed()).toBe(1)
    expect(bench.ports[0]!.inFlight()).toBe(0)
  }
})

test('a dropped reply stays in flight for ever', () => {
  const bench = createBench({ dropReply: 2 })
  bench.startSteady(4)
  bench.clock.advance(4 * GAP_NS)
  const slots = bench.receive()
  bench.serve(slots)
  bench.reply(slots)
  bench.ports[0]!.publish()
  expect([bench.total('inFlight'), bench.completed(), bench.total('wrong')]).toEqual([1, 3, 0])
  bench.control.closePorts()
  bench.receive()
  expect(bench.total('oldestUnansweredNs')).toBe(3 * GAP_NS)
})

test('a turn after a flush begins at the instant of that flush', () => {
  const bench = createBench()
  bench.startSteady()
  const slots = bench.receive()
  bench.serve(slots)
  bench.clock.advance(300)
  bench.reply(slots)
  bench.clock.advance(50)
  const port = bench.ports[0]!
  port.begin()
  expect([port.cell[TURN_NOW], port.cell[TURN_TOOK]]).toEqual([START_NS + 300, 300])
  port.begin()
  expect([port.cell[TURN_NOW], port.cell[TURN_TOOK]]).toEqual([START_NS + 350, 50])
})

const actions = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('advance' as const), gaps: fc.nat(6) }),
    fc.record({ kind: fc.constant('receive' as const), limit: fc.nat(6) }),
    fc.record({ kind: fc.constant('reply' as const), pick: fc.nat(), count: fc.nat(4) }),
    fc.record({ kind: fc.constant('flush' as const) }),
    fc.record({ kind: fc.constant('publish' as const) }),
  ),
  { maxLength: 120 },
)

test('whatever the interleaving, every request is received and answered exactly once', () => {
  const lengths = fc.integer({ min: 1, max: 150 })
  fc.assert(
    fc.property(actions, fc.integer({ min: 1, max: 6 }), lengths, (course, permits, gaps) => {
      const bench = createBench({ permits, cycle: 64 })
      const port = bench.ports[0]!
      bench.startSteady(gaps)
      const held: number[] = []
      const seen: number[] = []
      const receive = (limit: number) => {
        const slots = bench.receive(limit)
        expect(slots.length).toBeLessThanOrEqual(limit)
        seen.push(...idsOf(bench, slots))
        bench.serve(slots)
        held.push(...slots)
        expect(new Set(held).size).toBe(held.length)
      }
      const reply = (pick: number, count: number) => {
        const taken = held.splice(held.length === 0 ? 0 : pick % held.length, count)
        port.reply(Int32Array.from(taken), 0, taken.length)
      }
      for (const action of course) {
        if (action.kind === 'advance') bench.clock.advance(action.gaps * GAP_NS)
        else if (action.kind === 'receive') receive(action.limit)
        else if (action.kind === 'reply') reply(action.pick, action.count)
        else if (action.kind === 'flush') port.flush()
        else port.publish()
      }
      bench.clock.advance(gaps * GAP_NS)
      while (held.length > 0 || bench.total('finished') === 0) {
        reply(0, held.length)
        port.flush()
        receive(permits)
      }
      port.flush()
      port.publish()
      expect(seen).toEqual(Array.from({ length: gaps }, (_, index) => idOf(index % 64)))
      expect([bench.total('inFlight'), bench.total('wrong')]).toEqual([0, 0])
      expect([bench.completed(), bench.total('received'), bench.total('played')]).toEqual([
        gaps,
        gaps,
        gaps,
      ])
    }),
  )
})
