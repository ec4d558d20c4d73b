import { expect, test } from 'vitest'
import { pairFigures } from '../../../harness/render/report/pair-figures.ts'
import { pairReport } from '../../../harness/results/compared-pair.ts'
import { sampleReport, troubledReport } from '../sample-report.ts'

test('each pair has both figures, their ratio and who ran first', () => {
  const report = pairReport(sampleReport())
  const pairs = pairFigures(report, report.loads[0]!, 'achievedPerSecond')
  expect(pairs).toHaveLength(6)
  expect(pairs[1]).toEqual({
    pair: 2,
    ranFirst: 'sharded',
    first: '800/s',
    second: '800/s',
    ratio: 1,
    ratioText: '1.00×',
    isDoubtful: false,
  })
})

test('the ratios are those of which the comparison is made', () => {
  const report = pairReport(sampleReport())
  const load = report.loads[1]!
  const ratios = pairFigures(report, load, 'p99').map(({ ratio }) => ratio!)
  expect(Math.min(...ratios)).toBe(load.comparison!.p99!.lower)
  expect(Math.max(...ratios)).toBe(load.comparison!.p99!.upper)
  const costs = pairFigures(report, load, 'cpuPerRequest')
  expect(costs[0]).toMatchObject({ first: '8.40 µs', second: '3.10 µs', ratioText: '0.37×' })
})

test('a void pair is left out and the others keep their numbers', () => {
  const report = pairReport(troubledReport())
  const pairs = pairFigures(report, report.loads[0]!, 'p99')
  expect(pairs.map(({ pair }) => pair)).toEqual([2, 3, 4, 5, 6])
})

test('a percentile on unanswered requests has no ratio, a failed gate is told', () => {
  const report = pairReport(troubledReport())
  const pairs = pairFigures(report, report.loads[1]!, 'p99')
  expect(pairs.map(({ ratioText }) => ratioText)).toEqual(Array(6).fill('–'))
  expect(pairs[0]!.first).toBe('> 1.00 s')
  expect(pairs.filter(({ isDoubtful }) => isDoubtful).map(({ pair }) => pair)).toEqual([2])
})
