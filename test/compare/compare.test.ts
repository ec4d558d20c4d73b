import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { comparisonView, renderComparisonMarkdown } from '../../harness/render/compare/view.ts'
import type { TerminalOptions } from '../../harness/render/terminal/text.ts'
import { terminalView } from '../../harness/render/view/terminal.ts'
import type { Limit } from '../../harness/compare/limits.ts'
import { type Comparison, compareRuns } from '../../harness/compare/runs.ts'
import type { Report } from '../../harness/results/schema.ts'
import { asLoaded, earlier, scaledReport } from '../results/scaled-report.ts'

const renderComparison = (result: Comparison, options: TerminalOptions): string =>
  terminalView(comparisonView(result), options)

const NARROW = { color: false, columns: 80 }
const LIMITS: readonly Limit[] = [
  { text: 'p99 > 10%', arm: null, metric: 'p99', ratio: 1.1, side: 'above' },
  { text: 'throughput < -5%', arm: null, metric: 'achievedPerSecond', ratio: 0.95, side: 'below' },
]

function compare(
  before: readonly Report[],
  after: readonly Report[],
  limits = LIMITS,
  control = 'other',
): Comparison {
  return compareRuns(
    {
      path: 'reports/old',
      runs: before.map((report) => asLoaded(earlier(report), 'reports/old/report.json')),
    },
    {
      path: 'reports/new',
      runs: after.map((report) => asLoaded(report, 'reports/new/report.json')),
    },
    { level: 0.95, control },
    limits,
  )
}

function named(name: string, scales = {}): Report {
  const report = scaledReport(scales)
  report.scenario.name = name
  return report
}

/** One scenario that got slower, on a machine that changed. */
function slower(): Comparison {
  const after = scaledReport({ sharded: 1.2, cpu: 1.1, seed: 2 })
  after.environment.kernel = '6.2.0'
  after.loads[2]!.sets[0]!.trials['staged']!.gates[0]!.passed = false
  return compare([scaledReport()], [after])
}

/** Several: one slower, one equal, one with other parameters, one gone, one new; loads that moved; requests unanswered. */
function catalogue(): Comparison {
  const open = named('open', { seed: 4 })
  for (const { trials } of open.loads[1]!.sets) {
    const { p99 } = trials['sharded']!.percentiles
    Object.assign(p99, { ns: 1e9, atLeast: true })
  }
  const other = named('other-parameters')
  other.scenario.params['keys'] = 7
  return compare(
    [
      named('equal'),
      named('gone'),
      named('moved'),
      named('open'),
      named('other-parameters'),
      named('slower'),
    ],
    [
      named('equal', { seed: 2 }),
      named('moved', { load: 1.05, seed: 3 }),
      named('new'),
      open,
      other,
      named('slower', { staged: 1.4, sharded: 1.9, seed: 5 }),
    ],
  )
}

test('one scenario that got slower', async () => {
  await expect(renderComparison(slower(), NARROW)).toMatchFileSnapshot(
    '../render/snapshots/compare.txt',
  )
})

test('the same for a pull request', async () => {
  await expect(renderComparisonMarkdown(slower())).toMatchFileSnapshot(
    '../render/snapshots/compare.md',
  )
})

test('several scenarios: figures of those that changed only', async () => {
  await expect(renderComparison(catalogue(), NARROW)).toMatchFileSnapshot(
    '../render/snapshots/compare-catalogue.txt',
  )
  await expect(renderComparisonMarkdown(catalogue())).toMatchFileSnapshot(
    '../render/snapshots/compare-catalogue.md',
  )
})

test.each<[string, Comparison, RegExp]>([
  [
    'nothing changed',
    compare([scaledReport()], [scaledReport({ seed: 2 })]),
    /^No change that matters: staged at 20%, 50%, 80%, sharded at 20%, 50%, 80%\./,
  ],
  [
    'both changed alike',
    compare([scaledReport()], [scaledReport({ staged: 1.3, sharded: 1.3, seed: 2 })]),
    /^Both arms’ p99 changed alike at 20%, 50%, 80% \(staged 1\.\d\d×, sharded 1\.\d\d× at 20%\): the machine, or code that both use/,
  ],
  [
    'one got faster',
    compare([scaledReport()], [scaledReport({ staged: 0.5, seed: 2 })]),
    /^staged is faster than before at 20%, 50%, 80%: at 50% its p99 is 0\.\d+× \(0\.\d+–0\.\d+\) of the old one, against sharded \(6 and 6 trials, 95\.9%\)\. No change that matters: sharded/,
  ],
  [
    'by themselves',
    compare([scaledReport()], [scaledReport({ staged: 2, sharded: 2, seed: 2 })], LIMITS, 'none'),
    /^staged is slower than before .* of the old one \(6 and 6 trials, 95\.9%\)\. sharded is slower/,
  ],
])('the sentence comes first: %s', (_name, comparison, sentence) => {
  const text = renderComparison(comparison, { color: false, columns: 100 })
  expect(text.split('\n\n')[0]?.replaceAll('\n', ' ')).toMatch(sentence)
})

test('without a control there is no column against it', () => {
  const text = renderComparison(compare([scaledReport()], [scaledReport()], [], 'none'), NARROW)
  expect(text).not.toContain('sharded ÷ staged')
})

test('trials too few for any interval have none', () => {
  const few = scaledReport({ sharded: 2 })
  for (const load of few.loads) load.sets = load.sets.slice(0, 1)
  const old = scaledReport()
  for (const load of old.loads) load.sets = load.sets.slice(0, 1)
  const text = renderComparison(compare([old], [few]), NARROW)
  expect(text).toContain('2.00× (no interval)')
  expect(text).toContain('limit p99 > 10%: cannot tell (0 surely within it, 6 not judged)')
})

test('colours change nothing but colours', () => {
  const colored = renderComparison(slower(), { color: true, columns: 80 })
  expect(colored).toContain('\u001B[')
  expect(stripVTControlCharacters(colored)).toBe(renderComparison(slower(), NARROW))
})

test.each([72, 80, 96, 100])('fits %d columns', (columns) => {
  for (const comparison of [slower(), catalogue()]) {
    const text = renderComparison(comparison, { color: false, columns })
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns)
    expect(text).not.toContain('…')
  }
})

test('nothing in a report can send control sequences, or be markup', () => {
  const [before, after] = [named('<img src=x>\u001B[2J'), named('<img src=x>\u001B[2J')]
  after.environment.cpu = '\u001B[31m**EPYC**'
  after.scenario.params['x'] = 1
  const comparison = compare([before], [after])
  expect(renderComparison(comparison, NARROW).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  const markdown = renderComparisonMarkdown(comparison)
  expect(markdown).toContain(String.raw`\<img src=x\>`)
  expect(markdown).toContain(String.raw`\*\*EPYC\*\*`)
})
