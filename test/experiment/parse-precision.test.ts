import { expect, test } from 'vitest'
import { parsePrecision } from '../../harness/asked/quantities.ts'
import { caughtFailure } from './caught-failure.ts'

test.each([
  ['10%', 0.1],
  ['0.1', 0.1],
  ['1%', 0.01],
  ['100%', 1],
  ['1', 1],
])('%j is the precision %d', (text, precision) => {
  expect(parsePrecision(text)).toBe(precision)
})

test.each(['0', '0%', '0.9%', '0.009', '101%', '10', '-10%', '', 'very'])(
  '%j is no precision',
  (text) => {
    const failure = caughtFailure(() => parsePrecision(text))
    expect(failure.kind).toBe('usage')
    expect(failure.message).toBe(`--until-precise ${text}: not a precision`)
    expect(failure.cure).toContain('1% to 100%')
  },
)
