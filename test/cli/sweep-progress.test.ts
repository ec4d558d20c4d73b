import { expect, test } from 'vitest'
import { createSweepProgress } from '../../harness/cli/sweep-progress.ts'
import type { SweepEvent } from '../../harness/experiment/sweep-request.ts'
import type { Sweep } from '../../harness/results/sweep.ts'
import { sampleSweep } from '../render/sample-sweep.ts'

const sample = sampleSweep()
const sweep = { ...sample, run: { ...sample.run, elapsedSeconds: 30 } }
const [trial] = sweep.values[3]!.pairs[1]!.trials
const place = { part: 'latency', round: 2, of: 6, value: 0.6, arm: 'sharded' } as const
const EVENTS: readonly SweepEvent[] = [
  { ...place, trial: null },
  { ...place, trial: trial! },
  { part: 'capacity', round: 1, of: 3, value: 0.99, arm: 'staged', trial: trial! },
]

function written(isTTY: boolean, doneFraction = 0.25, shown: Sweep = sweep): string {
  let text = ''
  const sink = { isTTY, columns: 200, write: (part: string) => void (text += part) }
  const progress = createSweepProgress(sink, 170)
  for (const event of EVENTS) progress.onEvent(event, shown, doneFraction)
  progress.end()
  return text
}

test('a file gets a line per finished trial, with the ratio at that value so far', () => {
  expect(written(false)).toMatch(
    /^90 s left, round 2\/6, latency at theta 0\.6: sharded p99 \d+ µs, ratio 0\.68× \(0\.63–0\.70\)\n90 s left, round 1\/3, capacity at theta 0\.99: staged 136k\/s\n$/,
  )
})

test('a terminal also hears of beginnings, in a line that leaves no trace', () => {
  const text = written(true)
  expect(text).toContain('theta 0.6: sharded measuring')
  expect(text).not.toContain('\n')
  expect(text.endsWith('\r\u001B[2K')).toBe(true)
})

test('at first the plan says how long it will take', () => {
  expect(written(false, 0.01)).toMatch(/^140 s left/)
})

test('one capacity for all loads has no value', () => {
  const over = { subject: 'load', name: 'load', unit: '%', integer: false } as const
  expect(written(false, 0.25, { ...sweep, over })).toContain('round 1/3, capacity: staged')
})
