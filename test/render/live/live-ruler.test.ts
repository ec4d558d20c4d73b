import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ratioAxis,
  rulerColumns,
  rulerHeading,
  rulerLine,
} from '../../../harness/render/live/line.ts'

const span = (value: number, lower: number, upper: number) => ({
  value,
  interval: { lower, upper },
})

test('an interval is a band around its value, beside the mark at 1', () => {
  const axis = ratioAxis([span(0.6, 0.52, 0.7)], 21)
  expect(axis).toEqual({ lowest: 0.5, highest: 2, columns: 21 })
  expect([
    rulerHeading(axis, ['0.5×', '2×'], { value: 1, text: '1×' }),
    rulerLine(axis, span(0.6, 0.52, 0.7), 1, true),
    rulerLine(axis, span(1.1, 0.8, 1.5), 1, true),
    rulerLine(axis, { value: 0.6, interval: null }, 1, true),
    rulerLine(axis, null, 1, true),
    rulerLine(axis, span(1.1, 0.8, 1.5), 1, false),
  ]).toMatchInlineSnapshot(`
    [
      "0.5×      1×       2×",
      "·━━●━━····│··········",
      "·······━━━┿●━━━━━····",
      "···○······│··········",
      "··········│··········",
      ".......===+*=====....",
    ]
  `)
})

test('what lies beyond the longest axis is marked as beyond', () => {
  const wide = [span(1e-5, 1e-6, 1e5)]
  const axis = ratioAxis(wide, 21)
  expect(axis).toEqual({ lowest: 0.001, highest: 1_000, columns: 21 })
  expect(rulerLine(axis, wide[0]!, 1, true)).toBe('◂━━━━━━━━━┿━━━━━━━━━▸')
  expect(rulerLine(axis, { value: Number.POSITIVE_INFINITY, interval: null }, 1, false)).toBe(
    '..........|.........>',
  )
})

test('a ratio that is no number leaves the ruler empty', () => {
  const nothing = { value: Number.NaN, interval: null }
  expect(rulerLine(ratioAxis([nothing], 17), nothing, 1, false)).toBe('........|........')
})

test('a ruler has a middle column, and none when there is no room for its texts', () => {
  expect([14, 15, 16, 17, 40, 41, 200].map(rulerColumns)).toEqual([0, 15, 15, 17, 39, 41, 41])
})

test('a ruler is always as long as its axis, and 1 stands under its text', () => {
  const ratio = fc.double({ min: 0, max: 1e6 })
  fc.assert(
    fc.property(ratio, ratio, ratio, fc.integer({ min: 15, max: 60 }), (a, b, c, room) => {
      const [lower, value, upper] = [a, b, c].toSorted((x, y) => x - y) as [number, number, number]
      const columns = rulerColumns(room)
      const axis = ratioAxis([span(value, lower, upper)], columns)
      const line = rulerLine(axis, span(value, lower, upper), 1, true)
      const heading = rulerHeading(axis, ['0.001×', '1000×'], { value: 1, text: '1×' })
      expect([line.length, heading.length]).toEqual([columns, columns])
      expect(heading).toMatch(/^0\.001× +1× +1000×$/)
      expect(rulerLine(axis, null, 1, true).indexOf('│')).toBe(columns >> 1)
    }),
  )
})
