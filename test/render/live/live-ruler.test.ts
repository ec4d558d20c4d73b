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
  const axis = ratioAxis([span(0.6, 0.52, 0.7), span(1.1, 0.8, 1.5)], 21)
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
      const text = (ratio: number) => `${Number(ratio.toFixed(4))}×`
      const ends = [text(axis.lowest), text(axis.highest)] as const
      const heading = rulerHeading(axis, ends, { value: 1, text: '1×' })
      expect([line.length, heading.length]).toEqual([columns, columns])
      const texts = [...new Set([ends[0], '1×', ends[1]])]
      expect(heading.trim().split(/ +/)).toEqual(texts)
      const mark = rulerLine(axis, null, 1, true).indexOf('│')
      expect([heading.indexOf(' 1×') + 1, 0, columns - 1]).toContain(mark)
    }),
  )
})

test('a side on which no ratio lies takes no room, and a short one less', () => {
  const axis = (...spans: Parameters<typeof span>[]) =>
    ratioAxis(
      spans.map((each) => span(...each)),
      21,
    )
  expect(axis([0.0014, 0.0011, 0.002])).toMatchObject({ lowest: 0.001, highest: 1 })
  expect(axis([95, 61, 130])).toMatchObject({ lowest: 1, highest: 1_000 })
  expect(axis([0.14, 0.12, 0.17], [0.9, 0.7, 1.2])).toMatchObject({ lowest: 0.1, highest: 5 })
  const above = axis([95, 61, 130])
  expect(rulerHeading(above, ['1×', '1000×'], { value: 1, text: '1×' })).toBe(
    '1×              1000×',
  )
  expect(rulerLine(above, span(95, 61, 130), 1, true)).toBe('│···········━●━······')
})
