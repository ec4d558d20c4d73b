import { expect, test } from 'vitest'
import { bandOf } from '../../harness/stats/verdict.ts'

test('the band is the 95th percentile of the distance from 1, in either direction', () => {
  // 21 distances, 0 % … 20 %: the 95th percentile is rank 20.
  const ratios = Array.from({ length: 21 }, (_, run) => Math.exp((run % 2 ? -1 : 1) * 0.01 * run))
  expect(bandOf(ratios)).toBeCloseTo(Math.exp(0.19), 12)
  expect(bandOf(ratios.map((ratio) => 1 / ratio))).toBeCloseTo(Math.exp(0.19), 12)
})

test('identical runs have the band 1', () => {
  expect(bandOf(Array.from({ length: 20 }, () => 1))).toBe(1)
})

test('refuses fewer than twenty runs, and ratios that are none', () => {
  expect(() => bandOf(Array.from({ length: 19 }, () => 1))).toThrow('n=19')
  for (const strange of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    const ratios = Array.from({ length: 20 }, () => 1).with(3, strange)
    expect(() => bandOf(ratios)).toThrow(`ratio=${strange}`)
  }
})
