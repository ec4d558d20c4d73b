import { expect, test } from 'vitest'
import { createAblationProgress } from '../../harness/cli/progress/points.ts'
import type { AblationEvent } from '../../harness/experiment/ablate/plan.ts'
import { sampleAblation } from '../render/sample-ablation.ts'

const ablation = { ...sampleAblation(), run: { ...sampleAblation().run, elapsedSeconds: 30 } }
const trial = ablation.measured.latency.rounds[0]!.trials.find(({ arm }) => arm === 2)!
const place = {
  part: 'latency',
  group: 'rounds',
  round: 2,
  of: 6,
  arm: 2,
  doing: 'measuring',
} as const
const EVENTS: readonly AblationEvent[] = [
  { ...place, trial: null },
  { ...place, trial },
  { ...place, part: 'capacity', group: 'ends', round: 1, of: 3, trial },
  { ...place, part: null, arm: null, trial: null, doing: 'starting servers' },
]

function written(isTTY: boolean): string {
  let text = ''
  const sink = { isTTY, columns: 200, write: (part: string) => void (text += part) }
  const progress = createAblationProgress(sink)
  for (const event of EVENTS) progress.onEvent(event, ablation, { fraction: 0.25, secondsLeft: 90 })
  progress.end()
  return text
}

test('a file gets a line per finished trial, with the figures so far', () => {
  expect(written(false)).toMatch(
    /^90 s left, p99 at 50%, round 2\/6, chain: arm 3\/10 2\.\d\d ms, last ÷ first 0\.0043× \(.*\)\n90 s left, throughput, round 1\/3, ends alone: arm 3\/10 .*\/s, last ÷ first 52\.3× \(.*\)\n$/,
  )
})

test('a terminal also hears of beginnings, in a line that leaves no trace', () => {
  const text = written(true)
  expect(text).toContain('arm 3/10 measuring')
  expect(text).not.toContain('\n')
  expect(text.endsWith('\r\u001B[2K')).toBe(true)
})

test('a terminal hears what is done to servers', () => {
  expect(written(true)).toContain('round 2/6, starting servers')
})
