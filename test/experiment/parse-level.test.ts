import { expect, test } from 'vitest'
import { parseLevel } from '../../harness/asked/quantities.ts'
import { caughtFailure } from './caught-failure.ts'

test.each([
  ['0.95', 0.95],
  ['95%', 0.95],
  ['99%', 0.99],
  ['0.5', 0.5],
  ['50%', 0.5],
  ['.999', 0.999],
])('%j is the confidence %d', (text, level) => {
  expect(parseLevel(text)).toBe(level)
})

test.each(['1.5', '1', '100%', '0.49', '49%', '0', '95', '-0.95', '', 'high'])(
  '%j is no confidence',
  (text) => {
    const failure = caughtFailure(() => parseLevel(text))
    expect(failure.kind).toBe('usage')
    expect(failure.message).toBe(`--level ${text}: not a confidence`)
    expect(failure.cure).toContain('--level 0.95')
  },
)
