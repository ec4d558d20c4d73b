import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InsertOrder } from '../../harness/workload/operations.ts'

const orders = fc.record({
  recordCount: fc.integer({ min: 1, max: 20 }),
  insertRoom: fc.integer({ min: 2, max: 15 }),
  half: fc.constantFrom('first' as const, 'second' as const),
  inserts: fc.nat(40),
})

test('keys by age are what a list of the latest insertions says', () => {
  fc.assert(
    fc.property(orders, ({ recordCount, insertRoom, half, inserts }) => {
      const order = new InsertOrder({ recordCount, insertRoom }, half)
      let newestFirst = Array.from({ length: recordCount }, (_, key) => recordCount - 1 - key)
      for (let insert = 0; insert < inserts; insert++) {
        const key = order.next()
        newestFirst = [key, ...newestFirst.filter((other) => other !== key)]
        expect(order.keyCount()).toBe(newestFirst.length)
      }
      expect(newestFirst.map((_, age) => order.keyByAge(age))).toEqual(newestFirst)
    }),
  )
})

test('both halves together are the whole room behind the records, and have nothing in common', () => {
  fc.assert(
    fc.property(orders, ({ recordCount, insertRoom }) => {
      const inserted = (half: 'first' | 'second') => {
        const order = new InsertOrder({ recordCount, insertRoom }, half)
        return new Set(Array.from({ length: insertRoom }, () => order.next()))
      }
      const [first, second] = [inserted('first'), inserted('second')]
      expect(first.isDisjointFrom(second)).toBe(true)
      const all = Array.from({ length: insertRoom }, (_, index) => recordCount + index)
      expect([...first.union(second)].toSorted((a, b) => a - b)).toEqual(all)
    }),
  )
})

test('without saying which, the second half is taken, and without room nothing is', () => {
  expect(new InsertOrder({ recordCount: 10, insertRoom: 6 }).next()).toBe(13)
  const none = new InsertOrder({ recordCount: 10 })
  expect([none.keyCount(), none.keyByAge(0)]).toEqual([10, 9])
})
