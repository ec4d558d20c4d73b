import { expect, test } from 'vitest'
import { crossingView } from '../../../harness/render/find/view.ts'
import type { TerminalOptions } from '../../../harness/render/terminal/text.ts'
import { terminalView } from '../../../harness/render/view/terminal.ts'
import type { CrossingSearch } from '../../../harness/results/find.ts'
import { sampleCrossing, summarizedSearch, troubledSearch } from '../sample-crossing.ts'

const renderCrossing = (result: CrossingSearch, options: TerminalOptions): string =>
  terminalView(crossingView(result), options)

const plainText = { color: false, columns: 100 }

test('a search that was stopped at once says so', () => {
  const text = renderCrossing(summarizedSearch({ ...troubledSearch(), values: [] }), plainText)
  expect(text).toContain('too little was measured')
  expect(text).toContain('This search is incomplete: the run was interrupted.')
})

test('timer-bound values are marked in the table, and the mark is explained', () => {
  const text = renderCrossing(sampleCrossing({ timerBoundAt: [0.3] }), plainText)
  expect(text).toMatch(/^ 0\.3 .* 0\.38×t \(range .* –$/m)
  expect(text.replaceAll('\n', ' ')).toContain('×t marks a timer-bound value, which is left out')
  expect(renderCrossing(sampleCrossing(), plainText)).not.toContain('×t')
})
