import { expect, test } from 'vitest'
import { pairReport } from '../../harness/results/compared-pair.ts'
import { repeatedSet, sampleReport } from '../render/sample-report.ts'
import { threeArmReport } from '../render/three-arm-report.ts'

test('a report of two arms is seen whole', () => {
  const report = sampleReport()
  report.loads[0]!.sets[1]!.discarded.push(repeatedSet('staged', 1, ['noise']))
  const { arms, loads, run } = pairReport(report)
  expect(arms).toEqual(report.arms)
  expect(run).toBe(report.run)
  const [pair, next] = loads[0]!.pairs
  const [set] = report.loads[0]!.sets
  expect(pair).toMatchObject({ index: 0, seed: set!.seed, order: set!.order, discarded: [] })
  expect(pair!.trials).toEqual(set!.trials)
  expect(next!.discarded.map(({ arm }) => arm)).toEqual(['staged', 'sharded'])
  expect(loads[2]).toMatchObject({ label: '80%', offeredPerSecond: 3_200 })
  expect(loads[2]!.comparison).toBe(report.loads[2]!.comparisons[0]!.ratios)
  expect(loads[2]!.verdict).toBe(report.loads[2]!.comparisons[0]!.verdict)
})

test('of three arms the two of a comparison are seen, in its order, and nothing of the third', () => {
  const report = threeArmReport()
  const { arms, loads } = pairReport(report, 1)
  expect(arms.map(({ label }) => label)).toEqual(['staged:layout=fused', 'sharded'])
  const [pair] = loads[0]!.pairs
  expect(pair!.order).toEqual(['staged:layout=fused', 'sharded'])
  expect(Object.keys(pair!.trials)).toEqual(['sharded', 'staged:layout=fused'])
  expect(Object.keys(pair!.traceHash)).toEqual(['sharded'])
  expect(loads[0]!.verdict?.sentence).toContain('fused')
})

test('a load that is not compared yet has neither ratios nor a verdict', () => {
  const report = sampleReport()
  report.loads[0]!.comparisons = []
  expect(pairReport(report).loads[0]).toMatchObject({ comparison: null, verdict: null })
})

test('a comparison that a report does not have is refused', () => {
  expect(() => pairReport(sampleReport(), 1)).toThrow('report has no such comparison: index=1')
})
