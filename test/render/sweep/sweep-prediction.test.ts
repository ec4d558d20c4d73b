import { expect, test } from 'vitest'
import { summarizeSweep } from '../../../harness/experiment/sweep/summary.ts'
import { outcomesText, sweepPredictionText } from '../../../harness/render/sweep/sentence.ts'
import { sweepView } from '../../../harness/render/sweep/view.ts'
import type { TerminalOptions } from '../../../harness/render/terminal/text.ts'
import { terminalView } from '../../../harness/render/view/terminal.ts'
import { pageView } from '../../../harness/render/view/page.ts'
import type { Sweep } from '../../../harness/results/sweep.ts'
import { sampleSweep, type SweepSettings } from '../sample-sweep.ts'

const renderSweep = (result: Sweep, options: TerminalOptions): string =>
  terminalView(sweepView(result), options)
const renderSweepPage = (result: Sweep): string => pageView(sweepView(result))

/** What is said of a prediction. */
function said(winner: string, settings: SweepSettings = {}): string {
  const sweep = sampleSweep(settings)
  sweep.scenario.prediction = { winner, because: 'of this' }
  summarizeSweep(sweep)
  return sweepPredictionText(sweep) ?? ''
}

const always = (ratio: number): SweepSettings => ({
  truth: (_, arm) => ({ p99Ns: 4e5 * (arm === 'staged' ? 1 : ratio), capacityPerSecond: 4e5 }),
})

test('the prediction stands beside what the sweep found at its values', () => {
  expect(said('sharded')).toBe(
    'Predicted: sharded wins, because of this. Outcome: confirmed up to theta 0.6, undecided at theta 0.8 and refuted from theta 1 on.',
  )
  expect(said('staged')).toMatch(
    /Outcome: refuted up to theta 0\.6, undecided at theta 0\.8 and confirmed from theta 1 on\.$/,
  )
})

test('where all values agree it is so in all of the range, where none decides it is undecided', () => {
  expect(said('sharded', always(0.5))).toMatch(/Outcome: confirmed in all of the range\.$/)
  expect(said('staged', always(0.5))).toMatch(/Outcome: refuted in all of the range\.$/)
  expect(said('staged', { ...always(1.05), noise: 0.2 })).toMatch(/Outcome: undecided\.$/)
  expect(outcomesText(sampleSweep(), [])).toBe('undecided')
})

test('what was not tested says why, as a run does', () => {
  expect(said('fused')).toMatch(/Outcome: not tested: it is not about these two arms\.$/)
  expect(said('staged', { pairs: 0, capacityAt: [] })).toMatch(
    /Outcome: not tested: no verdict was reached\.$/,
  )
  const none = sampleSweep()
  none.scenario.prediction = null
  expect(sweepPredictionText(none)).toBeNull()
})

test('terminal and page both say it', () => {
  const text = sweepPredictionText(sampleSweep())!
  expect(
    renderSweep(sampleSweep(), { color: false, columns: 100 }).replaceAll('\n', ' '),
  ).toContain(text)
  expect(renderSweepPage(sampleSweep())).toContain(text)
})
