import { expect, test } from 'vitest'
import { renderMarkdown, renderTerminal } from '../../../harness/render/report/render.ts'
import { pairReport } from '../../../harness/results/compared-pair.ts'
import { stageRows, stallSections } from '../../../harness/render/report/stage-rows.ts'
import type { StageFigures } from '../../../harness/results/trial-schema.ts'
import type { Report } from '../../../harness/results/schema.ts'
import { FIRST, sampleReport } from '../sample-report.ts'
import { threeArmReport } from '../three-arm-report.ts'

const timesOf = (ns: number) => ({
  count: 1,
  meanNs: ns,
  p50Ns: ns,
  p90Ns: ns,
  p99Ns: 10 * ns,
  maxNs: 10 * ns,
  histogram: '',
})

function stageOf(name: string, ns: number): StageFigures {
  return {
    name,
    wait: timesOf(ns),
    service: timesOf(2 * ns),
    threads: 2,
    batchBound: 16,
    requestsPerBatch: 3,
    takenPerSecond: 5,
    meanQueueLength: 0.25,
  }
}

/** Every trial with a stage whose waits are longer from pair to pair. */
function withStages(report: Report): Report {
  for (const { sets } of report.loads)
    for (const { round, trials } of sets)
      for (const trial of Object.values(trials))
        trial.stages = [stageOf('decode', 100 * (round + 1)), stageOf('apply', 1_000)]
  return report
}

test('a stage’s figures are medians over pairs', () => {
  const report = withStages(sampleReport())
  const medianNs = (100 * (report.loads[0]!.sets.length + 1)) / 2
  const [decode, apply] = stageRows(report, 0)
  expect(decode).toEqual([
    'staged',
    'decode',
    `${medianNs} ns`,
    `${(medianNs / 100).toFixed(2)} µs`,
    '0.25',
    `${2 * medianNs} ns`,
    `${(medianNs / 50).toFixed(2)} µs`,
    '3',
    '2',
  ])
  expect(apply!.slice(0, 3)).toEqual(['staged', 'apply', '1.00 µs'])
})

test('every arm has its stages once, whatever it is compared with', () => {
  const report = withStages(threeArmReport())
  const arms = stageRows(report, 0).map(([arm]) => arm)
  expect(new Set(arms)).toEqual(new Set(report.arms.map(({ label }) => label)))
  expect(arms).toHaveLength(2 * report.arms.length)
})

test('what one trial lacks is not available, and void trials are left out with their pairs', () => {
  const report = withStages(sampleReport())
  const [first, second] = report.loads[0]!.sets
  first!.trials['staged']!.stages![0]!.wait = null
  expect(stageRows(report, 0)[0]!.slice(2, 4)).toEqual(['–', '–'])
  first!.trials['sharded']!.void = 'wrong'
  expect(stageRows(report, 0)[0]!.slice(2, 4)).not.toContain('–')
  second!.trials['staged']!.stages = null
  expect(stageRows(report, 0)[0]!.slice(0, 3)).toEqual(['staged', 'decode', '–'])
})

test('Markdown shows stages, a terminal does not, and older reports have none', () => {
  const report = withStages(sampleReport())
  const markdown = renderMarkdown(report)
  for (const { label } of report.loads)
    expect(markdown).toMatch(new RegExp(`Stages at ${label}.*medians over pairs`))
  expect(markdown).toMatch(/\| staged\s*\| apply\s*\| 1\.00 µs/)
  expect(renderTerminal(report, { color: false, columns: 80 })).not.toContain('Stages at')
  expect(stageRows(sampleReport(), 0)).toEqual([])
  expect(renderMarkdown(sampleReport())).not.toContain('Stages')
})

test('stalls are told by arm, load and stage: what traces planted, what was named of it and besides', () => {
  const report = sampleReport()
  const subject = { report, pair: pairReport(report), medium: 'terminal' as const }
  expect(stallSections(subject)).toEqual([])
  const stall = (name: string, planted: number, named: number, plantedNamed: number) => ({
    name,
    planted,
    named,
    plantedNamed,
    longestNs: named * 1_000_000,
  })
  report.loads = report.loads.slice(0, 1)
  for (const { trials } of report.loads[0]!.sets)
    for (const [arm, trial] of Object.entries(trials))
      trial.stalls = {
        thresholdNs: 500_000,
        stages: arm === FIRST ? [stall('decode', 0, 0, 0), stall('call', 4, 5, 4)] : [],
      }
  const text = JSON.stringify(stallSections(subject))
  expect(text).toContain('held their thread for 500 µs or more')
  expect(text).toContain(
    '"text":"named 24 of 24 that the trace planted, and 6 besides; the longest 5.00 ms"',
  )
  expect(text).not.toContain('decode')
})
