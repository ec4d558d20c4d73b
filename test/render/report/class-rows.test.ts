import { expect, test } from 'vitest'
import {
  renderHtml,
  renderMarkdown,
  renderTerminal,
} from '../../../harness/render/report/render.ts'
import { classRows } from '../../../harness/render/report/class-rows.ts'
import type { Report } from '../../../harness/results/schema.ts'
import { gateOf } from '../../experiment/sample-trial.ts'
import { classedReport, classOf } from '../classed-report.ts'
import { sampleReport } from '../sample-report.ts'

const NAMES = ['heavy', 'light']

test('each class has a row for each arm, with its share and how many times the other’s it is; all requests come last', () => {
  const report = classedReport()
  const rows = classRows(report, report.loads[0]!, NAMES)
  expect(rows.map(([name, arm]) => [name, arm])).toEqual([
    ['heavy', 'staged'],
    ['heavy', 'sharded'],
    ['light', 'staged'],
    ['light', 'sharded'],
    ['all', 'staged'],
    ['all', 'sharded'],
  ])
  const [, , staged, sharded] = rows
  expect(staged!.slice(2)).toEqual(['25%', '100 µs', '100 µs', '100 µs', '–'])
  expect(sharded!.slice(2)).toEqual(['25%', '300 µs', '300 µs', '300 µs', '3.00× (3.00–3.00)'])
})

test('a class without requests has no latencies, and an arm that does not keep up no ratio', () => {
  const report = classedReport()
  const [load] = report.loads
  for (const { trials } of load!.sets) {
    const trial = trials['sharded']!
    trial.classes![1] = classOf('light', trial, 0, 0)
    trial.gates.push(gateOf('completed', false))
  }
  const rows = classRows(report, load!, NAMES)
  expect(rows[3]!.slice(2)).toEqual(['0%', '–', '–', '–', '–'])
  expect(rows[1]!.at(-1)).toBe('–')
})

test('a report shows classes where there are some, a terminal where its verdicts are about one', () => {
  const terminal = (report: Report) => renderTerminal(report, { columns: 100, color: false })
  const title = 'By class'
  for (const report of [classedReport(), classedReport('light')]) {
    expect(renderHtml(report)).toContain(title)
    expect(renderMarkdown(report)).toContain(title)
  }
  expect(terminal(classedReport())).not.toContain(title)
  expect(terminal(classedReport('light'))).toContain(title)
  for (const render of [renderHtml, renderMarkdown, terminal])
    expect(render(sampleReport())).not.toContain(title)
})

test('where verdicts are about a class, the figures beside them are, too, and say so', () => {
  const markdown = renderMarkdown(classedReport('light'))
  expect(markdown).toContain('latencies of light requests')
  expect(markdown).toMatch(/\| p99 +\| 100 µs +\| 300 µs/)
})

test('a set that lacks an arm is left out whole', () => {
  const report = classedReport()
  const [load] = report.loads
  delete load!.sets.at(-1)!.trials['sharded']
  const before = load!.sets.at(-1)!.trials['staged']!
  before.classes = [classOf('heavy', before, 0.1, 1), classOf('light', before, 0.9, 1)]
  expect(classRows(report, load!, NAMES)[2]![2]).toBe('25%')
})
