import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logAxis } from '../../../harness/render/page/axis.ts'

test('ticks lie at equal ratios from end to end', () => {
  const axis = logAxis([120, 90_000], (tick) => `${tick} ns`)
  expect(axis.ticks.at(0)).toEqual([0, '100 ns'])
  expect(axis.ticks.at(-1)).toEqual([1, '100000 ns'])
  expect(axis.place(1_000)).toBeCloseTo(1 / 3, 4)
})

test('an end that is open lies at the end of the axis', () => {
  const axis = logAxis([0, 0.5, 2, Infinity], String)
  expect([axis.place(0), axis.place(Infinity)]).toEqual([0, 1])
})

test('places keep the order of the values and stay on the axis', () => {
  const values = fc.array(fc.double({ min: 1e-3, max: 1e10, noNaN: true }), { minLength: 1 })
  fc.assert(
    fc.property(values, (all) => {
      const axis = logAxis(all, String)
      const places = all.toSorted((a, b) => a - b).map((value) => axis.place(value))
      expect(places).toEqual(places.toSorted((a, b) => a - b))
      expect(places.every((place) => place >= 0 && place <= 1)).toBe(true)
    }),
  )
})
