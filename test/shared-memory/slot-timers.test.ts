import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  createSharedWaits,
  SlotTimers,
  TimerHeap,
} from '../../harness/shared-memory/slot-timers.ts'
import {
  createThreadCounters,
  ThreadCounters,
} from '../../harness/shared-memory/thread-counters.ts'
import { written } from '../base/written.ts'

const FIRST_SLOT = 100
const SLOTS = 12

/** A wait begins, or time passes and up to so many that are over are taken. */
const STEPS = fc.array(
  fc.oneof(
    fc.record({ slot: fc.nat(SLOTS - 1), askedNs: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ passNs: fc.nat(20), limit: fc.integer({ min: 1, max: SLOTS }) }),
  ),
  { maxLength: 150 },
)

test('whatever waits begin and time passes, each slot is taken once, when its wait is over, and counted as what it took', () => {
  fc.assert(
    fc.property(STEPS, (steps) => {
      const counters = new ThreadCounters(createThreadCounters(1), 0)
      const waits = createSharedWaits(SLOTS)
      // One that declares, one that keeps: as in two threads.
      const declaring = new SlotTimers(FIRST_SLOT, waits, counters.waits)
      const timers = new SlotTimers(FIRST_SLOT, waits, counters.waits)
      const now = Float64Array.of(1_000)
      const model = new Map<number, { begunNs: number; askedNs: number }>()
      const counted = { count: 0, askedNs: 0, tookNs: 0 }
      const slots = new Int32Array(SLOTS)
      for (const step of steps) {
        if ('slot' in step) {
          const slot = FIRST_SLOT + step.slot
          if (model.has(slot)) continue
          declaring.set(slot, step.askedNs, now, 0)
          timers.start(slot)
          model.set(slot, { begunNs: now[0]!, askedNs: step.askedNs })
          continue
        }
        now[0]! += step.passNs
        const over = [...model].filter(([, { begunNs, askedNs }]) => begunNs + askedNs <= now[0]!)
        const taken = slots.subarray(0, timers.takeDue(slots, step.limit, now, 0))
        expect(taken).toHaveLength(Math.min(step.limit, over.length))
        for (const slot of taken) {
          const { begunNs, askedNs } = model.get(slot)!
          expect(begunNs + askedNs).toBeLessThanOrEqual(now[0]!)
          model.delete(slot)
          counted.count++
          counted.askedNs += askedNs
          counted.tookNs += now[0]! - begunNs
        }
        const left = [...model.values()].map(({ begunNs, askedNs }) => begunNs + askedNs)
        expect(timers.count).toBe(left.length)
        expect(written((target, at) => timers.nextDueNs(target, at))).toBe(Math.min(...left))
      }
      const { declaredWaits, declaredWaitAskedNs, declaredWaitNs } = counters.read()
      expect({
        count: declaredWaits,
        askedNs: declaredWaitAskedNs,
        tookNs: declaredWaitNs,
      }).toEqual(counted)
    }),
  )
})

const CAPACITY = 24

function nextDueNs(heap: TimerHeap): number {
  return written((target, at) => heap.nextDueNs(target, at))
}

test('whatever is added and removed, the timer that is due first comes first', () => {
  const courses = fc.array(
    fc.oneof(
      fc.record({ key: fc.nat(CAPACITY - 1), dueNs: fc.nat(50) }),
      fc.constant('remove' as const),
    ),
    { maxLength: 200 },
  )
  fc.assert(
    fc.property(courses, (course) => {
      const heap = new TimerHeap(CAPACITY)
      const model = new Map<number, number>()
      const removed: [key: number, first: number][] = []
      const dueNs: [ns: number, least: number][] = []
      for (const step of course) {
        if (step !== 'remove') {
          if (model.has(step.key)) continue
          model.set(step.key, step.dueNs)
          heap.dueNs[step.key] = step.dueNs
          heap.add(step.key)
        } else if (model.size > 0) {
          const first = heap.first()
          removed.push([heap.removeFirst(), first])
          dueNs.push([model.get(first)!, Math.min(...model.values())])
          model.delete(first)
        }
        expect(heap.count).toBe(model.size)
        expect(nextDueNs(heap)).toBe(Math.min(...model.values()))
      }
      expect(removed.filter(([key, first]) => key !== first)).toEqual([])
      expect(dueNs.filter(([ns, least]) => ns !== least)).toEqual([])
      // The rest comes in order, each key once.
      const order: number[] = []
      while (heap.count > 0) order.push(heap.removeFirst())
      expect(new Set(order)).toEqual(new Set(model.keys()))
      const due = order.map((key) => model.get(key)!)
      expect(due).toEqual(due.toSorted((a, b) => a - b))
    }),
  )
})

test('without a timer nothing is ever due', () => {
  expect(nextDueNs(new TimerHeap(4))).toBe(Number.POSITIVE_INFINITY)
})
