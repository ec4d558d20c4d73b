import { expect, test } from 'vitest'
import { summarise } from '../../harness/cli/execute-run.ts'
import { sampleReport } from '../render/sample-report.ts'
import { threeArmReport } from '../render/three-arm-report.ts'

test('the summary names metric and level, and gives each comparison’s verdict with threshold and marked trials', () => {
  const report = threeArmReport()
  expect(summarise(report)).toMatchObject({
    metric: report.run.metric,
    level: report.run.level,
    arms: ['staged', 'sharded', 'staged:layout=fused'],
    comparisons: report.comparisons,
    rounds: 6,
    capacity: {
      sustained: report.capacity!.sustained,
      sustainedRatios: report.capacity!.sustainedRatios,
      saturated: report.capacity!.saturated,
    },
    loads: report.loads.map(({ label, sets }) => ({
      label,
      pairs: sets.length,
      discarded: 0,
      comparisons: report.comparisons.map((compared) => ({
        ...compared,
        verdict: { threshold: expect.any(Number), markedTrials: expect.any(Number) },
      })),
    })),
  })
})

test('a search is summed up without its probes, and a band by where it comes from', () => {
  const probe = {
    arm: 'staged',
    offeredPerSecond: 1_000,
    latency: { ns: 5, atLeast: false },
    kept: true,
    failedGates: [],
  }
  const found = {
    percentile: 'p99' as const,
    limitNs: 1_000_000,
    arms: { staged: null },
    ratio: null,
    sentence: 'Neither keeps it.',
  }
  const source = { path: 'reports/machine.json', measuredAt: '2026-11-22T19:53:58.000Z', runs: 40 }
  const band = { ...source, pairs: 6, durationSeconds: 1, ratios: { '50%': 1.08 } }
  const summary = summarise({
    ...sampleReport(),
    objective: { ...found, probes: [probe] },
    band,
    breakEven: null,
  })
  expect(summary).toMatchObject({ breakEven: null })
  expect(summary).toHaveProperty('objective', found)
  expect(summary).toHaveProperty('band', source)
})
