import { expect, test } from 'vitest'
import { createValidationProgress } from '../../harness/cli/progress/points.ts'
import type { ValidationEvent } from '../../harness/experiment/validate/state.ts'

const EVENTS: readonly (readonly [ValidationEvent, number])[] = [
  [{ kind: 'started', part: 'omission', what: 'sharded, frozen for 200 ms' }, 0.456],
  [
    {
      kind: 'row',
      row: {
        part: 'omission',
        subject: 'sharded',
        figure: 'p99',
        measured: 152_000_000,
        expected: 150_000_000,
        unit: 'ns',
        difference: 0.0133,
        limit: 0.05,
        passed: true,
        note: '',
      },
    },
    0.5,
  ],
]

function written(isTTY: boolean): string {
  let text = ''
  const progress = createValidationProgress({ isTTY, write: (part) => void (text += part) })
  for (const [event, doneFraction] of EVENTS) progress.onEvent(event, doneFraction)
  progress.end()
  return text
}

test('a file gets the rows', () => {
  expect(written(false)).toMatch(/^sharded: p99 152 ms, .*passed\n$/)
})

test('a terminal also gets a line that is rewritten and leaves no trace', () => {
  const text = written(true)
  expect(text).toContain('45 % done, omission: sharded, frozen for 200 ms')
  expect(text.match(/\n/g)).toHaveLength(1)
  expect(text.endsWith('\r\u001B[2K')).toBe(true)
})
