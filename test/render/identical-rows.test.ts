import { expect, test } from 'vitest'
import { identicalRows } from '../../harness/render/validate.ts'
import type { IdenticalRun } from '../../harness/results/validate.ts'

function run(value: number | null, winner = 'none', load = '50%'): IdenticalRun {
  const ratio = value === null ? null : { value, lower: 0, upper: 9, level: 0.95, n: 6, unit: '×' }
  const pairs = ratio?.n ?? 0
  return { arm: 'staged', load, pairs, ratios: { p99: ratio }, winner, markedTrials: 2 }
}

test('a ratio below 1 is as far away as its inverse; three runs make no band', () => {
  expect(identicalRows([run(0.8), run(1.1), run(1)], 'p99')).toMatchObject([
    { runs: '3', marked: '6', largest: '1.25×', median: '1.10×', band: '–' },
  ])
})

test('one of twenty runs may lie beyond the band', () => {
  const values = Array.from({ length: 20 }, (_, index) => 1 + index / 100)
  expect(
    identicalRows(
      values.map((value) => run(value)),
      'p99',
    ),
  ).toMatchObject([{ largest: '1.19×', band: '1.18×' }])
})

test('winners are what is neither none nor inconclusive, by load', () => {
  const runs = [run(1), run(1, 'staged'), run(1, 'inconclusive'), run(null, 'staged', '80%')]
  expect(identicalRows(runs, 'p99')).toMatchObject([
    { load: '50%', runs: '3', winnersNamed: '1' },
    { load: '80%', runs: '1', winnersNamed: '1', largest: '–', median: '–', band: '–' },
  ])
})
