import { expect, test } from 'vitest'
import { valueText } from '../../harness/words/format.ts'

test('values are written with the sign of their unit, words are left out', () => {
  expect(valueText({ unit: '%' }, 52.5)).toBe('52.5%')
  expect(valueText({ unit: '/s' }, 2_000)).toBe('2,000/s')
  expect(valueText({ unit: 'keys' }, 1_000_000)).toBe('1,000,000')
  expect(valueText({ unit: '' }, 0.1 + 0.2)).toBe('0.3')
})

test('decimals that are asked for stay, also when they are zeros', () => {
  expect(valueText({ unit: '' }, 0.8, 2)).toBe('0.80')
  expect(valueText({ unit: '/s' }, 2_000.4, 0)).toBe('2,000/s')
})
