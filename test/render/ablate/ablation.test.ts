import { expect, test } from 'vitest'
import { ablationView } from '../../../harness/render/ablate/view.ts'
import type { TerminalOptions } from '../../../harness/render/terminal/text.ts'
import { terminalView } from '../../../harness/render/view/terminal.ts'
import type { Ablation } from '../../../harness/results/ablate.ts'
import { sampleAblation, summarized, troubledAblation } from '../sample-ablation.ts'

const renderAblation = (result: Ablation, options: TerminalOptions): string =>
  terminalView(ablationView(result), options)

const plainText = { color: false, columns: 100 }

test('the answer comes first', () => {
  expect(renderAblation(sampleAblation(), plainText)).toMatch(/^Of the p99 ratio 0\.0043×/)
})

test('an ablation that was stopped at once says so', () => {
  const ablation = troubledAblation()
  ablation.measured = {
    capacity: { rounds: [], ends: [] },
    latency: { rounds: [], ends: [] },
  }
  ablation.load = null
  const text = renderAblation(summarized(ablation), plainText)
  expect(text).toContain('it was not measured.')
  expect(text).toContain('This ablation is incomplete: the run was interrupted.')
})
