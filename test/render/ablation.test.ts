import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { parseChain } from '../../harness/experiment/ablate/chain.ts'
import { renderAblation } from '../../harness/render/ablate/view.ts'
import { sampleAblation, summarized, troubledAblation } from './sample-ablation.ts'

const plainText = { color: false, columns: 100 }

test('an ablation of the default chain', async () => {
  await expect(renderAblation(sampleAblation(), plainText)).toMatchFileSnapshot(
    './snapshots/ablation.txt',
  )
})

test('an ablation that was stopped, with marked trials', async () => {
  await expect(
    renderAblation(troubledAblation(), { color: false, columns: 80 }),
  ).toMatchFileSnapshot('./snapshots/ablation-troubled.txt')
})

test('the answer comes first', () => {
  expect(renderAblation(sampleAblation(), plainText)).toMatch(/^Of the p99 ratio 0\.0043×/)
})

test.each([72, 80, 100, 140])('fits %d columns, long arms too', (columns) => {
  const long =
    'staged:layout=fused:threads=8:batch=64:locks=reader-writer:stripes=4096:spinMicros=77'
  const chain = parseChain(`${long},${long}:idle=park,sharded`)
  for (const ablation of [sampleAblation(), troubledAblation(), sampleAblation({ chain })]) {
    const text = renderAblation(ablation, { color: false, columns })
    const widest = Math.max(...text.split('\n').map((line) => line.length))
    expect(widest).toBeLessThanOrEqual(Math.min(100, columns))
    expect(text).not.toContain('…')
  }
})

test('colours change nothing but colours', () => {
  const colored = renderAblation(troubledAblation(), { color: true, columns: 100 })
  expect(colored).toContain('\u001b[')
  expect(stripVTControlCharacters(colored)).toBe(renderAblation(troubledAblation(), plainText))
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

test('nothing in an ablation can send control sequences to the terminal', () => {
  const ablation = troubledAblation()
  ablation.arms[0]!.label = '\u001b[2Jgone\r\u0007\u202e'
  ablation.steps[0]!.name = '\u009b31mred'
  ablation.mechanisms[0]!.name = '\u009b31mred'
  ablation.ending = '\u001b[2J'
  const text = renderAblation(ablation, plainText).replaceAll('\n', '')
  expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u)
})
