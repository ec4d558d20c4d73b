import { expect, test } from 'vitest'
import { idOf } from '../../../harness/ports/replay/answer-check.ts'
import {
  PHASE_REHEARSAL,
  PHASE_STEADY_STATE,
  PHASE_WARM_UP,
} from '../../../harness/ports/replay/control.ts'
import { FRAME_ID, serviceOf } from '../../../harness/ports/replay/frame-codec.ts'
import { createBench, GAP_NS, START_NS } from './bench.ts'

test('replies are counted by the half of the steady state in which they come', () => {
  const bench = createBench({ permits: 64 })
  bench.startSteady(8)
  const receive = () => {
    // A turn of its own: the one behind a reply still has the instant of that reply.
    bench.ports[0]!.begin()
    return bench.receive()
  }
  const answer = (slots: readonly number[]) => {
    bench.serve(slots)
    bench.reply(slots)
  }
  bench.clock.advance(3 * GAP_NS)
  const early = receive()
  answer(early.slice(0, 3))
  bench.clock.advance(GAP_NS - 1)
  answer(early.slice(3))
  // From here on it is the second half, whenever the request was due.
  bench.clock.advance(1)
  answer(receive())
  bench.clock.advance(3 * GAP_NS)
  const late = receive()
  bench.clock.advance(GAP_NS)
  answer(late.slice(0, 1))
  bench.clock.advance(1)
  answer(late.slice(1))
  bench.ports[0]!.publish()
  expect([early, late].map((slots) => slots.length)).toEqual([4, 3])
  expect([bench.total('repliesFirstHalf'), bench.total('repliesSecondHalf')]).toEqual([4, 2])
  expect(bench.completed()).toBe(8)
})

test('a reply in the steady state counts whatever phase its request is from, one before it does not', () => {
  const bench = createBench({ permits: 64 })
  bench.control.setLoad(GAP_NS)
  bench.control.startPhase(PHASE_WARM_UP, START_NS)
  bench.clock.advance(3 * GAP_NS)
  const warm = bench.receive()
  bench.serve(warm)
  bench.reply(warm.slice(0, 1))
  bench.startSteady(8)
  const steady = bench.receive()
  bench.serve(steady)
  bench.reply([...warm.slice(1), ...steady])
  bench.ports[0]!.publish()
  expect([warm, steady].map((slots) => slots.length)).toEqual([4, 1])
  expect([bench.total('repliesFirstHalf'), bench.total('repliesSecondHalf')]).toEqual([4, 0])
})

test('a frame asks for the service time that the trace has for its request', () => {
  const serviceTimes = { kind: 'exponential', meanMicros: 5_000 } as const
  const bench = createBench({ permits: 64, serviceTimes })
  bench.startSteady()
  bench.clock.advance(20 * GAP_NS)
  const asked = bench.receive(64).map((slot) => {
    bench.view.at(slot)
    return serviceOf(bench.view)
  })
  expect(asked).toEqual([...bench.trace.ports[0]!.services.subarray(0, 21)])
})

test('in the rest before the steady state nothing is received, and its start is announced', () => {
  const bench = createBench({ permits: 64 })
  const port = bench.ports[0]!
  bench.control.setLoad(GAP_NS)
  bench.control.startPhase(PHASE_REHEARSAL, START_NS)
  bench.clock.advance(2 * GAP_NS)
  expect(bench.receive()).toHaveLength(3)
  // Announced at 2 gaps: the rest is from 5 to 10.
  const startNs = START_NS + 10 * GAP_NS
  bench.control.setLoad(GAP_NS, startNs + 4 * GAP_NS, 5 * GAP_NS)
  bench.control.startPhase(PHASE_STEADY_STATE, startNs)
  bench.clock.advance(GAP_NS)
  expect(bench.receive()).toHaveLength(1)
  // The rehearsal goes on until then.
  expect(bench.nextDueNs()).toBe(START_NS + 4 * GAP_NS)
  bench.clock.advance(5 * GAP_NS)
  expect(bench.receive()).toHaveLength(1)
  expect(bench.nextDueNs()).toBe(startNs)
  bench.clock.advance(2 * GAP_NS - 1)
  expect(bench.receive()).toEqual([])
  expect(bench.nextDueNs()).toBe(startNs)
  port.publish()
  expect(bench.total('finished')).toBe(0)
  bench.clock.advance(1)
  const [first] = bench.receive()
  bench.view.at(first!)
  expect(bench.view.get(FRAME_ID)).toBe(idOf(0))
  expect(bench.nextDueNs()).toBe(startNs + GAP_NS)
})

test('what is answered in the rest is no reply of the steady state', () => {
  const bench = createBench()
  bench.control.setLoad(GAP_NS)
  bench.control.startPhase(PHASE_REHEARSAL, START_NS)
  bench.clock.advance(2 * GAP_NS)
  const held = bench.receive()
  const startNs = START_NS + 10 * GAP_NS
  bench.control.setLoad(GAP_NS, startNs + 4 * GAP_NS, 8 * GAP_NS)
  bench.control.startPhase(PHASE_STEADY_STATE, startNs)
  bench.clock.advance(2 * GAP_NS)
  expect(bench.receive()).toEqual([])
  bench.serve(held)
  bench.reply(held)
  bench.clock.advance(6 * GAP_NS)
  bench.receive()
  bench.ports[0]!.publish()
  expect([bench.total('repliesFirstHalf'), bench.total('repliesSecondHalf')]).toEqual([0, 0])
  expect(bench.completed(PHASE_REHEARSAL)).toBe(3)
})

test('without a free slot in the rest the port still wakes for the steady state', () => {
  const bench = createBench({ permits: 1 })
  bench.control.setLoad(GAP_NS)
  bench.control.startPhase(PHASE_REHEARSAL, START_NS)
  expect(bench.receive()).toHaveLength(1)
  const startNs = START_NS + 10 * GAP_NS
  bench.control.setLoad(GAP_NS, Number.POSITIVE_INFINITY, 10 * GAP_NS)
  bench.control.startPhase(PHASE_STEADY_STATE, startNs)
  expect(bench.receive()).toEqual([])
  expect(bench.nextDueNs()).toBe(startNs)
})
