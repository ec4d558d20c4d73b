import { expect, test } from 'vitest'
import { createSweepProgress } from '../../harness/cli/progress/points.ts'
import type { SweepEvent } from '../../harness/experiment/sweep/plan.ts'
import type { Sweep } from '../../harness/results/sweep.ts'
import { sampleSweep } from '../render/sample-sweep.ts'

const sample = sampleSweep()
const sweep = { ...sample, run: { ...sample.run, elapsedSeconds: 30 } }
const [trial] = sweep.values[3]!.pairs[1]!.trials
const place = {
  part: 'load',
  round: 2,
  of: 6,
  value: 0.6,
  arm: 'sharded',
  doing: 'measuring',
} as const
const EVENTS: readonly SweepEvent[] = [
  { ...place, trial: null },
  { ...place, trial: trial! },
  { ...place, part: 'closed', round: 1, of: 3, value: 0.99, arm: 'staged', trial: trial! },
  { ...place, part: null, arm: null, trial: null, doing: 'starting servers' },
]

function written(isTTY: boolean, secondsLeft = 90, shown: Sweep = sweep): string {
  let text = ''
  const sink = { isTTY, columns: 200, write: (part: string) => void (text += part) }
  const progress = createSweepProgress(sink)
  for (const event of EVENTS) progress.onEvent(event, shown, { fraction: 0.25, secondsLeft })
  progress.end()
  return text
}

test('a file gets a line per finished trial, with the ratio at that value so far', () => {
  expect(written(false)).toMatch(
    /^90 s left, round 2\/6, latency at theta 0\.6: sharded p99 \d+ µs, ratio 0\.68× \(0\.63–0\.70\)\n90 s left, round 1\/3, throughput at theta 0\.99: staged 136k\/s\n$/,
  )
})

test('a terminal also hears of beginnings, in a line that leaves no trace', () => {
  const text = written(true)
  expect(text).toContain('theta 0.6: sharded measuring')
  expect(text).not.toContain('\n')
  expect(text.endsWith('\r\u001B[2K')).toBe(true)
})

test('a terminal hears what is done to servers, and where a load varies of no value', () => {
  expect(written(true)).toContain('round 2/6, starting servers at theta 0.6')
  const over = { subject: 'load', name: 'load', unit: '%', integer: false } as const
  expect(written(true, 90, { ...sweep, over })).toMatch(/round 2\/6, starting servers\s/)
})

test('while trials remain something is left', () => {
  expect(written(false, 0.1)).toMatch(/^1 s left/)
})
