import { expect, test } from 'vitest'
import { AMOUNT, formatFactor, inWords, wordsOf } from '../../harness/words/factor.ts'

const ratio = (value: number, lower: number, upper: number, n = 8) => ({
  value,
  lower,
  upper,
  level: 0.95,
  n,
  unit: '×',
})

test.each([
  [1.126, '1.13×'],
  [1.994, '1.99×'],
  [1.996, '2.0×'],
  [9.94, '9.9×'],
  [9.96, '10×'],
  [94.7, '95×'],
  [313, '310×'],
  [1870, '1,900×'],
  [Infinity, '∞'],
])('%d times is %s', (factor, text) => {
  expect(formatFactor(factor)).toBe(text)
})

test('a latency below 1 is faster by its inverse, bounds in the same direction', () => {
  expect(inWords(ratio(0.0125, 0.0118, 0.0132), wordsOf('p50'))).toEqual({
    times: '80×',
    word: 'faster',
    interval: '76× to 85×',
    shortInterval: '76× to 85×',
  })
})

test('a bound far on the other side is told in words, too', () => {
  const { interval, shortInterval } = inWords(ratio(0.5, 0.05, 5), wordsOf('p99'))
  expect(interval).toBe('5.0× slower to 20× faster')
  expect(shortInterval).toBe('5.0× slower to 20×')
})

test('throughput and CPU are more or less', () => {
  expect(inWords(ratio(1.5, 1.2, 1.8), wordsOf('goodputPerSecond')).word).toBe('more')
  expect(inWords(ratio(0.5, 0.4, 0.6), wordsOf('cpuPerRequest')).word).toBe('less')
})

test('what was never answered leaves a bound, or no number', () => {
  expect(inWords(ratio(0, 0, 0.25), wordsOf('p99'))).toMatchObject({ times: '≥4.0×' })
  expect(inWords(ratio(Infinity, Infinity, Infinity), AMOUNT).times).toBe('∞')
})

test('a single round has no interval', () => {
  expect(inWords(ratio(2, 2, 2, 1), AMOUNT).interval).toBe('1 round')
})
