import { expect, test } from 'vitest'
import type { Report } from '../../../harness/results/schema.ts'
import { objectiveReport, sampleReport, troubledReport } from '../sample-report.ts'
import { threeArmReport } from '../three-arm-report.ts'
import { renderMarkdown } from '../../../harness/render/report/render.ts'

const INJECTION = '<img src=x onerror=alert(1)> | @octocat\n# `x` ``` [a](http://b) **c**'

/** Every text in the report, replaced; a text that is a key, too. */
function injected(value: unknown): unknown {
  if (typeof value === 'string') return INJECTION
  if (Array.isArray(value)) return value.map(injected)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, injected(inner)]))
}

/** The sample in which scenario, machine, arms, loads, gates, warnings and verdicts say nothing but the injection. */
function injectedReport(): Report {
  const report = troubledReport()
  const [first, second] = [`${INJECTION}1`, `${INJECTION}2`] as const
  const labels = new Map([
    ['staged', first],
    ['sharded', second],
  ])
  const byLabel = <Value>(values: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(
      Object.entries(values).map(([label, value]) => [labels.get(label) ?? label, value]),
    )
  const relabelled = {
    ...report,
    capacity: report.capacity && {
      ...report.capacity,
      sustained: byLabel(report.capacity.sustained),
      saturated: byLabel(report.capacity.saturated),
      cpuPerRequestNs: byLabel(report.capacity.cpuPerRequestNs),
    },
    comparisons: [{ first, second }],
    rounds: report.rounds.map((round) => ({ ...round, deployments: byLabel(round.deployments) })),
    arms: report.arms.map((arm) => ({ ...arm, label: labels.get(arm.label) ?? '' })),
    loads: report.loads.map((load) => ({
      ...load,
      label: INJECTION,
      comparisons: load.comparisons.map(({ verdict, ratios, sure, orderEffect }) => ({
        sure,
        orderEffect,
        first,
        second,
        ratios,
        verdict: verdict && { ...verdict, sentence: INJECTION },
      })),
      sets: load.sets.map((set) => ({
        ...set,
        trials: byLabel(set.trials),
        discarded: set.discarded.map(({ trials }) => ({
          cause: INJECTION,
          arm: second,
          trials: byLabel(trials),
        })),
      })),
    })),
    environment: injected(report.environment),
    scenario: injected(report.scenario),
    warnings: injected(report.warnings),
    ending: INJECTION,
    bandNote: INJECTION,
    run: { ...report.run, command: INJECTION },
  } as Report
  for (const { sets } of relabelled.loads) {
    for (const { trials } of sets) {
      for (const trial of Object.values(trials)) {
        trial.gates = [{ name: INJECTION, passed: false, figure: INJECTION, message: INJECTION }]
        trial.arm = INJECTION
      }
    }
  }
  return relabelled
}

test('the summary of a whole run', async () => {
  await expect(renderMarkdown(sampleReport())).toMatchFileSnapshot('../snapshots/markdown.txt')
})

test('the summary of a run of three arms', async () => {
  await expect(renderMarkdown(threeArmReport())).toMatchFileSnapshot(
    '../snapshots/markdown-three-arms.txt',
  )
})

test('the summary of a search within an objective', async () => {
  await expect(renderMarkdown(objectiveReport())).toMatchFileSnapshot(
    '../snapshots/markdown-objective.txt',
  )
})

test('the summary of a run with everything that can go wrong', async () => {
  const text = renderMarkdown(troubledReport())
  expect(text).toContain('> This run is incomplete: stopped by Ctrl-C.')
  expect(text).toContain('> Answers were wrong in a trial: trust no figure of this run.')
  await expect(text).toMatchFileSnapshot('../snapshots/markdown-troubled.txt')
})

test('the row of a verdict on another metric is marked', () => {
  const report = sampleReport()
  report.loads[1]!.comparisons[0]!.verdict!.metric = 'p50'
  expect(renderMarkdown(report).match(/^\| p50 ← /gm)).toHaveLength(1)
})

test('nothing in a report becomes markup, a link, a mention or another line', () => {
  const text = renderMarkdown(injectedReport())
  // The command stands in a block of code with a longer fence: nothing is markup there.
  const [before = '', block = '', after = ''] = text.split('````')
  expect(block).toBe(`sh\n${INJECTION.replace('\n', ' ')}\n`)
  for (const part of [before, after]) {
    const marks = part
      .replaceAll(/\\./gsu, '')
      .replaceAll('<!-- -->', '')
      .replaceAll(/^> (?:\[!WARNING\])?/gm, '')
    expect(marks).not.toMatch(/[<>`[\]]/)
    expect(part).not.toMatch(/@octocat|:\/\/b/)
  }
  const lines = text.split('\n')
  expect(
    lines.filter((line) => line.startsWith('|')).every((line) => [4, 5].includes(cellsOf(line))),
  ).toBe(true)
  expect(
    lines.filter((line) => line.startsWith('#')).map((line) => line.replace(/ .*/, '')),
  ).toEqual(['##', ...Array<string>(7).fill('###')])
})

/** Bars that no backslash escapes, less the first. */
function cellsOf(line: string): number {
  return (line.replaceAll(/\\./gsu, '').match(/\|/g)?.length ?? 0) - 1
}
