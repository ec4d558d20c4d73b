import fc from 'fast-check'
import { expect, test } from 'vitest'
import { oneThread } from './thread-parts.ts'

test('counts threads, and lets them spin while there are processors for all that are awake', () => {
  const processorCounts = fc.integer({ min: 1, max: 8 })
  fc.assert(
    fc.property(processorCounts, fc.array(fc.boolean()), (processors, wakes) => {
      const { awake, awakeCount } = oneThread(processors)
      let model = 1
      for (const wakesUp of wakes) {
        if (wakesUp) awake.add()
        else awake.remove()
        model += wakesUp ? 1 : -1
        expect(awakeCount()).toBe(model)
        expect(awake.maySpin()).toBe(model <= processors)
      }
    }),
  )
})

test('in a crowd none may spin, and behind it as many as before', () => {
  const { awake, awakeCount } = oneThread(2)
  expect(awake.maySpin()).toBe(true)
  awake.crowd(1_000)
  awake.add()
  expect(awake.maySpin()).toBe(false)
  awake.crowd(-1_000)
  expect(awakeCount()).toBe(2)
  expect(awake.maySpin()).toBe(true)
})
