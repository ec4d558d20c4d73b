import { expect, test } from 'vitest'
import { seconds, wholeNumber } from '../../harness/cli/options.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'

const parsePairs = wholeNumber('--pairs', { minimum: 1, maximum: 1_000 })
const parseDuration = seconds('--duration', { minimum: 0.1, maximum: 600 })

test.each([
  ['1', 1],
  ['1000', 1_000],
])('%j pairs are %d', (text, value) => {
  expect(parsePairs(text)).toBe(value)
})

test.each(['0', '1001', '-1', '1.5', 'x', '', '1e2', '0x10'])(
  '%j is no number of pairs',
  (text) => {
    const failure = caughtFailure(() => parsePairs(text))
    expect(failure.kind).toBe('usage')
    expect(failure.message).toBe(`--pairs ${text}: not a whole number in range`)
    expect(failure.cure).toBe('--pairs takes 1 to 1000')
  },
)

test.each([
  ['2', 2],
  ['2s', 2],
  ['0.5', 0.5],
  ['.5s', 0.5],
  ['700ms', 0.7],
  ['1.5min', 90],
  ['500ms', 0.5],
  ['100ms', 0.1],
])('%j lasts %d s', (text, value) => {
  expect(parseDuration(text)).toBe(value)
})

test.each(['0', '99ms', '601', '-1', 's', 'ms', '1m', '1 s', 'x', '', '1e3'])(
  '%j is no duration',
  (text) => {
    const failure = caughtFailure(() => parseDuration(text))
    expect(failure.message).toBe(`--duration ${text}: not a time span in range`)
    expect(failure.cure).toContain('0.1s to 600s')
  },
)

test('an example of a time span is one that is taken', () => {
  const parse = seconds('--seconds', { minimum: 2, maximum: 600 })
  const { cure } = caughtFailure(() => parse('1'))
  const examples = [...cure!.matchAll(/--seconds (\d+m?s)(?= or|$)/g)].map(([, text]) => text!)
  expect(examples.map(parse)).toEqual([2, 2.5])
})
