import { expect, test } from 'vitest'
import { parseObjective } from '../../harness/asked/quantities.ts'
import { objectiveText } from '../../harness/words/verdict.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'

test.each([
  ['p99=1ms', 'p99', 1e6, 'p99 ≤ 1 ms'],
  ['p99.9=500us', 'p99_9', 5e5, 'p99.9 ≤ 500 µs'],
  ['p99_9=500µs', 'p99_9', 5e5, 'p99.9 ≤ 500 µs'],
  ['p90=500μs', 'p90', 5e5, 'p90 ≤ 500 µs'],
  ['p50=2s', 'p50', 2e9, 'p50 ≤ 2 s'],
  ['p50=60s', 'p50', 6e10, 'p50 ≤ 60 s'],
  ['p50=60000ms', 'p50', 6e10, 'p50 ≤ 60 s'],
  ['p90=750ns', 'p90', 750, 'p90 ≤ 750 ns'],
  ['p99=1.5ms', 'p99', 1.5e6, 'p99 ≤ 1.5 ms'],
  ['p99=.5us', 'p99', 500, 'p99 ≤ 500 ns'],
])('%j is an objective', (text, percentile, limitNs, description) => {
  const objective = parseObjective(text)
  expect(objective).toEqual({ percentile, limitNs })
  expect(objectiveText(objective)).toBe(description)
})

test.each([
  'p42=',
  'p42=1ms',
  'p99=',
  'p99',
  '=1ms',
  '',
  'p99=1',
  'p99=0ms',
  'p99=0.0s',
  'p99=-1ms',
  'p99=61s',
  'p99=1m',
  'p99=1 ms',
  'p99 = 1ms',
  'p99=1e3us',
  'p99<1ms',
  'max=1ms',
  'p99..9=1ms',
  'p99=1ms,p50=1ms',
])('%j is no objective', (text) => {
  const failure = caughtFailure(() => parseObjective(text))
  expect(failure.kind).toBe('usage')
  expect(failure.message).toBe(`--slo ${text}: not an objective`)
  expect(failure.cure).toContain('e.g. --slo p99=1ms')
})
