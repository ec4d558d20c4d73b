import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TimerHeap } from '../../harness/shared-memory/timer-heap.ts'
import { written } from '../base/written.ts'

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
