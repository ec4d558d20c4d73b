import { expect, test } from 'vitest'
import { ratioChart, ratioData } from '../../../harness/render/report/ratios.ts'
import { pairReport } from '../../../harness/results/compared-pair.ts'
import { objectiveReport, sampleReport, troubledReport } from '../sample-report.ts'

test('a lower latency lies on the side of the arm that has it, and so does a higher throughput', () => {
  const report = sampleReport()
  const faster = ratioData(pairReport(report), 'id', false)!.rows[0]!
  expect(faster.span![0]).toBeGreaterThan(0.5)
  expect(faster.winner).toBe(1)

  Object.assign(report.loads[0]!.comparisons[0]!.verdict!, {
    metric: 'achievedPerSecond',
    winner: 'staged',
  })
  report.loads[0]!.comparisons[0]!.verdict!.ratio = {
    ...report.loads[0]!.comparisons[0]!.verdict!.ratio!,
    value: 0.5,
    lower: 0.4,
    upper: 0.6,
  }
  const less = ratioData(pairReport(report), 'id', false)!.rows[0]!
  expect(less.span![0]).toBeLessThan(0.5)
  expect(less.winner).toBe(0)
})

test('equality is in the middle and the interval encloses the estimate', () => {
  const data = ratioData(pairReport(sampleReport()), 'id', false)!
  expect(data.equal).toBe(0.5)
  for (const { span, zone } of data.rows) {
    const [place, from, to] = span!
    expect(from).toBeLessThanOrEqual(place)
    expect(place).toBeLessThanOrEqual(to)
    expect(zone[0] + zone[1]).toBeCloseTo(1, 4)
  }
  expect(data.rows[1]!.zone[1] - 0.5).toBeGreaterThan(2 * (data.rows[0]!.zone[1] - 0.5))
})

test('what is not decided has no winner', () => {
  expect(
    ratioData(pairReport(sampleReport()), 'id', false)!.rows.map(({ winner }) => winner),
  ).toEqual([1, 1, null])
})

test('every pair with a ratio is a dot within the interval of all', () => {
  const [row] = ratioData(pairReport(sampleReport()), 'id', true)!.rows
  expect(row!.dots).toHaveLength(6)
  for (const { place } of row!.dots) {
    expect(place).toBeGreaterThanOrEqual(row!.span![1])
    expect(place).toBeLessThanOrEqual(row!.span![2])
  }
})

test('an objective is judged by the loads that both sustain', () => {
  const data = ratioData(pairReport(objectiveReport()), 'id', false)!
  expect(data.rows).toHaveLength(1)
  expect(data.rows[0]).toMatchObject({ label: 'Highest load within p99 ≤ 1 ms', winner: 1 })
  expect(ratioData(pairReport(objectiveReport()), 'id', true)).toBeNull()
})

test('a load without a ratio keeps its row, and a report without any has no picture', () => {
  const troubled = pairReport(troubledReport())
  const data = ratioData(troubled, 'id', false)!
  expect(data.rows[2]).toMatchObject({ span: null, text: 'no ratio' })
  expect(ratioChart(troubled, 'id', false, () => null)!.description).toContain(
    '80%: p99: no ratio.',
  )
  expect(ratioData({ ...troubled, loads: troubled.loads.slice(2) }, 'id', false)).toBeNull()
})
