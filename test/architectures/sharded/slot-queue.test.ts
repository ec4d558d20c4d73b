import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SlotQueue } from '../../../harness/architectures/sharded/outbox.ts'

test('slots leave in the order in which they came, round and round', () => {
  const courses = fc.array(fc.option(fc.nat(1_000), { nil: 'shift' as const }), { maxLength: 200 })
  fc.assert(
    fc.property(courses, (course) => {
      const queue = new SlotQueue(8)
      const model: number[] = []
      const left: [slot: number, expected: number][] = []
      for (const step of course) {
        if (step !== 'shift') {
          if (model.length === 8) continue
          queue.push(step)
          model.push(step)
        } else if (model.length > 0) left.push([queue.shift(), model.shift()!])
        expect(queue.length).toBe(model.length)
      }
      expect(left.map(([slot]) => slot)).toEqual(left.map(([, expected]) => expected))
    }),
  )
})
