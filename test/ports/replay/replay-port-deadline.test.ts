import { expect, test } from 'vitest'
import { idOf } from '../../../harness/ports/replay/answer-check.ts'
import { PHASE_STEADY_STATE } from '../../../harness/ports/replay/control.ts'
import { FRAME_ID } from '../../../harness/ports/replay/frame-codec.ts'
import { written } from '../../base/written.ts'
import { type Bench, createBench, GAP_NS, START_NS } from './bench.ts'

/** Ids in the frames of the slots. */
function idsOf(bench: Bench, slots: readonly number[]): number[] {
  return slots.map((slot) => {
    bench.view.at(slot)
    return bench.view.get(FRAME_ID)
  })
}

test('a request that waited beyond the deadline is refused, counted and logged', () => {
  const bench = createBench({ permits: 2, deadlineNs: 3 * GAP_NS })
  bench.startSteady()
  bench.clock.advance(GAP_NS)
  const held = bench.receive()
  bench.clock.advance(8 * GAP_NS)
  // Due at 2 … 9 gaps; now it is 9: those due before 6 are late.
  expect(bench.receive()).toEqual([])
  bench.serve(held)
  bench.reply(held)
  expect(idsOf(bench, bench.receive())).toEqual([idOf(6), idOf(7)])
  bench.ports[0]!.publish()
  expect([bench.total('refused'), bench.total('received'), bench.total('played')]).toEqual([
    4, 4, 8,
  ])
  const { refusals } = bench.memories[0]!.playbacks[PHASE_STEADY_STATE].answers
  expect([...refusals.subarray(0, 8)]).toEqual([0, 0, 1, 1, 1, 1, 0, 0])
})

test('what is due after the end of the steady state is never refused, however long ago that was', () => {
  const bench = createBench({ permits: 2, deadlineNs: 3 * GAP_NS })
  bench.startSteady(6)
  bench.clock.advance(GAP_NS)
  const held = bench.receive()
  bench.clock.advance(40 * GAP_NS)
  expect(bench.receive()).toEqual([])
  bench.serve(held)
  bench.reply(held)
  expect(bench.receive()).toEqual([])
  bench.ports[0]!.publish()
  const totals = (['received', 'refused', 'neverReceived', 'played'] as const).map((name) =>
    bench.total(name),
  )
  // Six were due, of a trace that goes on; two were received.
  expect(totals).toEqual([2, 4, 0, 6])
  const { refusals } = bench.memories[0]!.playbacks[PHASE_STEADY_STATE].answers
  expect([...refusals.subarray(0, 8)]).toEqual([0, 0, 1, 1, 1, 1, 0, 0])
})

test('a received request is late from its deadline on, and only where there is one', () => {
  const bench = createBench({ deadlineNs: 3 * GAP_NS })
  const [port] = bench.ports
  bench.startSteady()
  bench.clock.advance(GAP_NS)
  const [first, second] = bench.receive()
  const lateFrom = (slot: number) => written((target, at) => port!.lateFromNs(slot, target, at))
  expect([first!, second!].map(lateFrom)).toEqual([START_NS + 3 * GAP_NS, START_NS + 4 * GAP_NS])
  const late = () => {
    port!.begin()
    return [first!, second!].map((slot) => port!.isLate(slot))
  }
  bench.clock.advance(2 * GAP_NS - 1)
  expect(late()).toEqual([false, false])
  bench.clock.advance(1)
  expect(late()).toEqual([true, false])
  const patient = createBench()
  patient.startSteady()
  const [slot] = patient.receive()
  patient.clock.advance(1_000 * GAP_NS)
  patient.ports[0]!.begin()
  expect(patient.ports[0]!.isLate(slot!)).toBe(false)
  const never = written((target, at) => patient.ports[0]!.lateFromNs(slot!, target, at))
  expect(never).toBe(Number.POSITIVE_INFINITY)
})

test('at max nothing is late: the window asks for as much as there is', () => {
  const bench = createBench({ permits: 2, deadlineNs: GAP_NS })
  bench.startSteady(100, 0)
  const [slot] = bench.receive()
  bench.clock.advance(50 * GAP_NS)
  bench.ports[0]!.begin()
  expect(bench.ports[0]!.isLate(slot!)).toBe(false)
})

test('a request that is refused after it was received is counted as refused, and its permit is free at once', () => {
  const bench = createBench({ permits: 2, deadlineNs: 3 * GAP_NS })
  const [port] = bench.ports
  bench.startSteady(4)
  bench.clock.advance(GAP_NS)
  const held = bench.receive()
  bench.clock.advance(3 * GAP_NS)
  port!.begin()
  port!.refuse(Int32Array.from(held), 0, 1)
  expect(port!.inFlight()).toBe(1)
  const [next, ...none] = bench.receive()
  expect([idsOf(bench, [next!]), none]).toEqual([[idOf(2)], []])
  bench.serve([held[1]!, next!])
  bench.reply([held[1]!, next!])
  const [last] = bench.receive()
  bench.control.closePorts()
  expect(bench.receive()).toEqual([])
  // Also in the drain, when the port is closed.
  port!.refuse(Int32Array.of(last!), 0, 1)
  port!.publish()
  const totals = (['received', 'refused', 'neverReceived', 'inFlight', 'wrong'] as const).map(
    (name) => bench.total(name),
  )
  expect([totals, bench.completed()]).toEqual([[2, 2, 0, 0, 0], 2])
  const { refusals } = bench.memories[0]!.playbacks[PHASE_STEADY_STATE].answers
  expect([...refusals.subarray(0, 4)]).toEqual([1, 0, 0, 1])
})
