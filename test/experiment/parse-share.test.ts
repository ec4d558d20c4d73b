import { expect, test } from 'vitest'
import { describeShare, parseShare } from '../../harness/asked/quantities.ts'

test.each([
  ['10%', 0.1],
  ['97.5%', 0.975],
  ['.5%', 0.005],
  ['0.1', 0.1],
  ['.1', 0.1],
  ['1', 1],
  ['0', 0],
])('%j is the share %d', (text, share) => {
  expect(parseShare(text)).toBeCloseTo(share, 12)
})

test.each(['', '%', '10 %', '-1', '+1', '1.', '1e-1', 'NaN', 'Infinity', '10%%'])(
  '%j is no share',
  (text) => {
    expect(parseShare(text)).toBeUndefined()
  },
)

test.each([
  [0.95, '95 %'],
  [0.999, '99.9 %'],
  [0.07, '7 %'],
  [1, '100 %'],
])('%d is written %j', (share, text) => {
  expect(describeShare(share)).toBe(text)
})
