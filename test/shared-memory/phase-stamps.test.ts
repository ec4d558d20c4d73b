import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  CELL_BATCH,
  CELL_DECLARED,
  CELL_EGRESS,
  CELL_INGRESS,
  CELL_LOCK,
  CELL_SERVICE,
  CELL_WAITS,
  createPhaseMemory,
  isSampled,
  REQUESTS_PER_SAMPLE,
  SAMPLED,
  sampleRun,
} from '../../harness/shared-memory/phase-layout.ts'
import { BLOCKED_TAKEN, LOCK_TAKEN, PhaseStamps } from '../../harness/shared-memory/phase-stamps.ts'
import { createRequestSlab, SLOT_PORT } from '../../harness/shared-memory/request-slab-layout.ts'
import { RequestView } from '../../harness/shared-memory/request-view.ts'
import { ManualClock } from '../base/manual-clock.ts'

const SLOTS = 4
const WAITS = 3
const STAGES = 2
const PARTS = CELL_WAITS - 1 + WAITS

/** Stamps on a clock that a test moves; every slot but the last is sampled. */
function createStamps() {
  const slab = createRequestSlab(SLOTS, 16, 16)
  const view = new RequestView(slab)
  for (let slot = 0; slot < SLOTS - 1; slot++) {
    view.at(slot)
    view.set(SLOT_PORT, 5 | SAMPLED)
  }
  const clock = new ManualClock(1_000)
  const stamps = new PhaseStamps(createPhaseMemory(SLOTS, WAITS, STAGES), slab, clock)
  const figuresOf = (slot: number) => {
    const target = new Float32Array(PARTS + STAGES)
    expect(stamps.copy(slot, target, 0)).toBe(PARTS + STAGES)
    return [...target]
  }
  const partsOf = (slot: number) => figuresOf(slot).slice(0, PARTS)
  const stagesOf = (slot: number) => figuresOf(slot).slice(PARTS)
  const part = (slot: number, cell: number) => partsOf(slot)[cell - 1]
  const begin = (slot: number, dueNs: number) => {
    clock.read()
    // Of two requests, the second.
    stamps.begin(slot, Float64Array.of(0, dueNs), 1)
  }
  const served = (
    slots: Int32Array,
    count: number,
    lockNs: number,
    declaredNs: number,
    stage = 0,
  ) => {
    stamps.taken[LOCK_TAKEN] = lockNs
    stamps.taken[BLOCKED_TAKEN] = declaredNs
    stamps.served(slots, 0, count, stage)
  }
  const end = (slot: number, repliedNs: number) => stamps.end(slot, Float64Array.of(repliedNs))
  return { clock, stamps, begin, served, end, view, partsOf, stagesOf, part }
}

const BOTH = Int32Array.of(0, 1)

test('a request’s time goes to ingress, queues, service, its batch and egress, one after the other', () => {
  const { clock, stamps, begin, served, end, part } = createStamps()
  for (const slot of BOTH) begin(slot, 400)
  clock.advance(50)
  stamps.waited(BOTH, 0, 2, 1)
  clock.advance(100)
  served(BOTH, 2, 30, 20)
  clock.advance(7)
  stamps.waited(BOTH, 0, 2, 1)
  end(0, 1_200)
  const cells = [
    CELL_INGRESS,
    CELL_WAITS + 1,
    CELL_DECLARED,
    CELL_LOCK,
    CELL_SERVICE,
    CELL_BATCH,
    CELL_EGRESS,
  ]
  // Of 100 ns 20 were declared waits and 30 a lock's; two requests share the other 50.
  expect(cells.map((cell) => part(0, cell))).toEqual([600, 57, 20, 30, 25, 25, 43])
  expect(part(0, CELL_WAITS)).toBe(0)
})

test('a service is its stage’s, others of the batch are waited for', () => {
  const { clock, stamps, begin, served, stagesOf, part } = createStamps()
  for (const slot of BOTH) begin(slot, 1_000)
  clock.advance(10)
  served(BOTH, 2, 0, 0, 1)
  clock.advance(6)
  served(BOTH, 1, 2, 0, 0)
  clock.advance(4)
  stamps.waitedForBatch(BOTH, 0, 2)
  expect([stagesOf(0), stagesOf(1)]).toEqual([
    [4, 5],
    [0, 5],
  ])
  expect([part(0, CELL_BATCH), part(1, CELL_BATCH)]).toEqual([9, 15])
  begin(0, 1_000)
  expect(stagesOf(0)).toEqual([0, 0])
})

test('a request that was set aside spent its time in declared waits', () => {
  const { clock, stamps, begin, served, part } = createStamps()
  begin(0, 1_000)
  clock.advance(70)
  stamps.waitedDeclared(BOTH, 0, 1)
  clock.advance(5)
  served(BOTH, 1, 0, 0)
  expect([part(0, CELL_DECLARED), part(0, CELL_SERVICE)]).toEqual([70, 5])
})

test('declared waits cannot have taken longer than the batch did', () => {
  const { clock, begin, served, part } = createStamps()
  begin(0, 1_000)
  clock.advance(10)
  served(BOTH, 1, 5, 25)
  expect([part(0, CELL_DECLARED), part(0, CELL_LOCK), part(0, CELL_SERVICE)]).toEqual([10, 0, 0])
})

test('a lock cannot have been waited for longer than the batch took', () => {
  const { clock, begin, served, part } = createStamps()
  begin(0, 1_000)
  clock.advance(10)
  served(BOTH, 1, 25, 0)
  expect([part(0, CELL_LOCK), part(0, CELL_SERVICE), part(0, CELL_BATCH)]).toEqual([10, 0, 0])
})

test('requests that are not sampled are left alone, and a slot begins anew with each request', () => {
  const { clock, stamps, begin, served, partsOf } = createStamps()
  const last = SLOTS - 1
  const all = Int32Array.from({ length: SLOTS }, (_, slot) => slot)
  clock.advance(10)
  stamps.waited(all, 0, SLOTS, 0)
  served(all, SLOTS, 1, 1)
  expect(partsOf(last).every((ns) => ns === 0)).toBe(true)
  begin(0, 1_000)
  expect(partsOf(0).reduce((sum, ns) => sum + ns, 0)).toBe(10)
})

test('whatever happens to a request, its parts add up to its latency, and services by stage to its service', () => {
  const step = fc.record({
    ns: fc.nat(100_000),
    kind: fc.constantFrom('waited', 'served', 'stood by'),
    wait: fc.nat(WAITS - 1),
    stage: fc.nat(STAGES - 1),
    lockNs: fc.nat(50_000),
    declaredNs: fc.nat(50_000),
  })
  fc.assert(
    fc.property(fc.nat(1_000), fc.array(step, { maxLength: 20 }), (ingressNs, steps) => {
      const { clock, stamps, begin, served, end, partsOf, stagesOf, part } = createStamps()
      const dueNs = clock.nowNs() - ingressNs
      for (const slot of BOTH) begin(slot, dueNs)
      for (const { ns, kind, wait, stage, lockNs, declaredNs } of steps) {
        clock.advance(ns)
        if (kind === 'waited') stamps.waited(BOTH, 0, 2, wait)
        else if (kind === 'stood by') stamps.waitedForBatch(BOTH, 0, 2)
        else served(BOTH, 2, lockNs, declaredNs, stage)
      }
      clock.advance(3)
      for (const slot of BOTH) {
        end(slot, clock.nowNs())
        const sum = partsOf(slot).reduce((total, ns) => total + ns, 0)
        expect(Math.abs(sum - (clock.nowNs() - dueNs))).toBeLessThan(1)
        expect(partsOf(slot).every((ns) => ns >= 0)).toBe(true)
        const services = stagesOf(slot).reduce((total, ns) => total + ns, 0)
        expect(Math.abs(services - part(slot, CELL_SERVICE)!)).toBeLessThan(1)
      }
    }),
  )
})

test.each([1, 8, 128])('one request in 32 is sampled, %i in a row, not the first ones', (run) => {
  const positions = Array.from({ length: 1 << 17 }, (_, position) => position)
  const sampled = positions.filter((position) => isSampled(position, Math.log2(run)))
  expect(sampled).toHaveLength(positions.length / REQUESTS_PER_SAMPLE)
  expect(sampled[0]).toBeGreaterThan(0)
  const first = sampled[0]!
  expect(sampled.slice(0, run)).toEqual(Array.from({ length: run }, (_, i) => first + i))
})

test('rare requests are sampled one by one, frequent ones in long runs', () => {
  expect([100, 10_000, 100_000, 1_000_000, Number.POSITIVE_INFINITY].map(sampleRun)).toEqual([
    1, 2, 16, 128, 128,
  ])
})
