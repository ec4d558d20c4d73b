import { expect, test } from 'vitest'
import { formatRoundTime } from '../../harness/words/format.ts'

test.each([
  [0, '0 ns'],
  [812.4, '812 ns'],
  [1_250, '1.25 µs'],
  [250_000_000, '250 ms'],
  [53_912_345, '53.9 ms'],
  [1_000_000_000, '1 s'],
  [-2_500, '−2.5 µs'],
])('%d ns is written %s', (ns, text) => {
  expect(formatRoundTime(ns)).toBe(text)
})
