import { expect, test } from 'vitest'
import { createFindProgress } from '../../harness/cli/progress/points.ts'
import type { FindEvent } from '../../harness/experiment/find/plan.ts'
import { sampleCrossing, troubledSearch } from '../render/sample-crossing.ts'

const search = { ...sampleCrossing(), run: { ...sampleCrossing().run, elapsedSeconds: 60 } }
const trial = search.values[2]!.pairs[0]!.trials[1]!
const place = { part: 'load', pair: 14, value: 0.6, arm: 'sharded', doing: 'measuring' } as const
const EVENTS: readonly FindEvent[] = [
  { ...place, trial: null },
  { ...place, trial },
  { ...place, part: 'closed', trial },
  { ...place, part: null, trial: null, doing: 'warming up' },
]

function written(isTTY: boolean, secondsLeft = 90, state = search): string {
  let text = ''
  const sink = { isTTY, columns: 200, write: (part: string) => void (text += part) }
  const progress = createFindProgress(sink)
  for (const event of EVENTS) progress.onEvent(event, state, { fraction: 0.25, secondsLeft })
  progress.end()
  return text
}

test('a file gets a line per finished trial, with the crossing so far', () => {
  expect(written(false)).toMatch(
    /^at most 90 s left, theta = 0\.86 \(0\.80–0\.93\), pair 14 at theta 0\.6: sharded 3\d\d µs\nat most 90 s left, theta = .*, pair 14 at theta 0\.6: sharded 30\.0k\/s\n$/,
  )
})

test('a terminal also hears of beginnings, in a line that leaves no trace', () => {
  const text = written(true)
  expect(text).toContain('pair 14 at theta 0.6: sharded measuring')
  expect(text).not.toContain('\n')
  expect(text.endsWith('\r\u001B[2K')).toBe(true)
})

test('a terminal hears what is done to servers', () => {
  expect(written(true)).toContain('pair 14, warming up at theta 0.6 of sharded')
})

test('what is known before two values were measured is nothing', () => {
  expect(written(false, 90, { ...troubledSearch(), crossing: null })).toContain(
    'nothing known yet, pair 14',
  )
})
