import { expect, test } from 'vitest'
import { createFindProgress } from '../../harness/cli/find-progress.ts'
import type { FindEvent } from '../../harness/experiment/find-request.ts'
import { sampleCrossing, troubledSearch } from '../render/sample-crossing.ts'

const search = { ...sampleCrossing(), run: { ...sampleCrossing().run, elapsedSeconds: 60 } }
const trial = search.values[2]!.pairs[0]!.trials[1]!
const place = { part: 'pairs', pair: 14, value: 0.6, arm: 'sharded' } as const
const EVENTS: readonly FindEvent[] = [
  { ...place, trial: null },
  { ...place, trial },
  { part: 'capacity', pair: 2, value: 0.6, arm: 'sharded', trial },
]

function written(isTTY: boolean, doneFraction = 0.25, state = search): string {
  let text = ''
  const sink = { isTTY, columns: 200, write: (part: string) => void (text += part) }
  const progress = createFindProgress(sink, 240)
  for (const event of EVENTS) progress.onEvent(event, state, doneFraction)
  progress.end()
  return text
}

test('a file gets a line per finished trial, with the crossing so far', () => {
  expect(written(false)).toMatch(
    /^at most 180 s left, theta = 0\.86 \(0\.80–0\.93\), pair 14 at theta 0\.6: sharded 3\d\d µs\nat most 180 s left, capacity at theta 0\.6: sharded 30\.0k\/s\n$/,
  )
})

test('a terminal also hears of beginnings, in a line that leaves no trace', () => {
  const text = written(true)
  expect(text).toContain('pair 14 at theta 0.6: sharded measuring')
  expect(text).not.toContain('\n')
  expect(text.endsWith('\r\u001B[2K')).toBe(true)
})

test('at first the plan says how long it will take', () => {
  expect(written(false, 0.01)).toMatch(/^at most 180 s left/)
  expect(written(false, 0.5)).toMatch(/^at most 60 s left/)
})

test('what is known before two values were measured is nothing', () => {
  expect(written(false, 0.25, { ...troubledSearch(), crossing: null })).toContain(
    'nothing known yet, pair 14',
  )
})
