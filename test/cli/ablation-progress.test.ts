import { expect, test } from 'vitest'
import { createAblationProgress } from '../../harness/cli/ablation-progress.ts'
import type { AblationEvent } from '../../harness/experiment/ablation-request.ts'
import { sampleAblation } from '../render/sample-ablation.ts'

const ablation = { ...sampleAblation(), run: { ...sampleAblation().run, elapsedSeconds: 30 } }
const trial = ablation.measured.latency.rounds[0]!.trials.find(({ arm }) => arm === 2)!
const place = { part: 'latency', group: 'rounds', round: 2, of: 6, arm: 2 } as const
const EVENTS: readonly AblationEvent[] = [
  { ...place, trial: null },
  { ...place, trial },
  { part: 'capacity', group: 'ends', round: 1, of: 3, arm: 2, trial },
]

function written(isTTY: boolean, doneFraction = 0.25): string {
  let text = ''
  const sink = { isTTY, columns: 200, write: (part: string) => void (text += part) }
  const progress = createAblationProgress(sink, 170)
  for (const event of EVENTS) progress.onEvent(event, ablation, doneFraction)
  progress.end()
  return text
}

test('a file gets a line per finished trial, with the figures so far', () => {
  expect(written(false)).toMatch(
    /^90 s left, p99 at 50%, round 2\/6, chain: arm 3\/10 2\.\d\d ms, last ÷ first 0\.0043× \(.*\)\n90 s left, capacity, round 1\/3, ends alone: arm 3\/10 .*\/s, last ÷ first 52\.3× \(.*\)\n$/,
  )
})

test('a terminal also hears of beginnings, in a line that leaves no trace', () => {
  const text = written(true)
  expect(text).toContain('arm 3/10 measuring')
  expect(text).not.toContain('\n')
  expect(text.endsWith('\r\u001B[2K')).toBe(true)
})

test('at first the plan says how long it will take', () => {
  expect(written(false, 0.01)).toMatch(/^140 s left/)
})
