import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { renderCrossing } from '../../harness/render/find/view.ts'
import {
  sampleCrossing,
  summarizedSearch,
  troubledSearch,
  uncrossed,
  undecidedSearch,
} from './sample-crossing.ts'

const plainText = { color: false, columns: 100 }

test('a search that found a crossing', async () => {
  await expect(renderCrossing(sampleCrossing(), plainText)).toMatchFileSnapshot(
    './snapshots/crossing.txt',
  )
})

test('a search that was stopped, on a narrow terminal', async () => {
  await expect(renderCrossing(troubledSearch(), { color: false, columns: 80 })).toMatchFileSnapshot(
    './snapshots/crossing-troubled.txt',
  )
})

test.each([72, 80, 100, 140])('fits %d columns, long arms too', (columns) => {
  const long = 'staged:layout=fused:batch=64:locks=reader-writer'
  const labelled = sampleCrossing()
  labelled.arms[1]!.label = `${long}:idle=park`
  for (const search of [
    sampleCrossing(),
    uncrossed(),
    undecidedSearch(),
    troubledSearch(),
    labelled,
  ]) {
    const text = renderCrossing(search, { color: false, columns })
    const widest = Math.max(...text.split('\n').map((line) => line.length))
    expect(widest).toBeLessThanOrEqual(Math.min(100, columns))
    expect(text).not.toContain('…')
  }
})

test('colours change nothing but colours', () => {
  const colored = renderCrossing(troubledSearch(), { color: true, columns: 100 })
  expect(colored).toContain('\u001b[')
  expect(stripVTControlCharacters(colored)).toBe(renderCrossing(troubledSearch(), plainText))
})

test('a search that was stopped at once says so', () => {
  const text = renderCrossing(summarizedSearch({ ...troubledSearch(), values: [] }), plainText)
  expect(text).toContain('too little was measured')
  expect(text).toContain('This search is incomplete: the run was interrupted.')
})

test('nothing in a search can send control sequences to the terminal', () => {
  const search = troubledSearch()
  search.arms[0]!.label = '\u001b[2Jgone\r\u0007\u202e'
  search.over.name = '\u009b31mred'
  search.ending = '\u001b[2J'
  const text = renderCrossing(search, plainText).replaceAll('\n', '')
  expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u)
})

test('timer-bound values are marked in the table, and the mark is explained', () => {
  const text = renderCrossing(sampleCrossing({ timerBoundAt: [0.3] }), plainText)
  expect(text).toMatch(/^ 0\.3 .* 0\.38×t \(range .* –$/m)
  expect(text.replaceAll('\n', ' ')).toContain('×t marks a timer-bound value, which is left out')
  expect(renderCrossing(sampleCrossing(), plainText)).not.toContain('×t')
})
