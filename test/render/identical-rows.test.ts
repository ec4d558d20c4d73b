import { expect, test } from 'vitest'
import { identicalRows } from '../../harness/render/validate.ts'
import type { IdenticalRun } from '../../harness/results/validate.ts'

function run(value: number | null, winner = 'none', load = '50%'): IdenticalRun {
  const ratio = value === null ? null : { value, lower: 0, upper: 9, level: 0.95, n: 6, unit: '×' }
  const pairs = ratio?.n ?? 0
  return { arm: 'staged', load, pairs, ratios: { p99: ratio }, winner, markedTrials: 2 }
}

test('a ratio below 1 is as far away as its inverse; three runs make no band', () => {
  expect(identicalRows([run(0.8), run(1.1), run(1)], 'p99')).toEqual([
    ['staged', '50%', '3', '0', '6', '1.25×', '1.10×', '–'],
  ])
})

test('one of twenty runs may lie beyond the band', () => {
  const values = Array.from({ length: 20 }, (_, index) => 1 + index / 100)
  expect(
    identicalRows(
      values.map((value) => run(value)),
      'p99',
    ),
  ).toEqual([['staged', '50%', '20', '0', '40', '1.19×', expect.any(String), '1.18×']])
})

test('winners are what is neither none nor inconclusive, by load', () => {
  const runs = [run(1), run(1, 'staged'), run(1, 'inconclusive'), run(null, 'staged', '80%')]
  expect(identicalRows(runs, 'p99')).toEqual([
    ['staged', '50%', '3', '1', '6', '1.00×', '1.00×', '–'],
    ['staged', '80%', '1', '1', '2', '–', '–', '–'],
  ])
})
