import { expect, test } from 'vitest'
import { validationRowText } from '../../harness/render/validate.ts'
import { sampleValidation, troubledValidation } from './sample-validation.ts'

test('a figure is told in a line', () => {
  expect(sampleValidation().rows.map(validationRowText)).toEqual([
    'staged, 8 servers, 50 %: p50 4.17 ms, expected 4.12 ms, +1.2 %, passed',
    'staged, 8 servers, 50 %: p99 23.8 ms, expected 23.8 ms, 0.0 %, passed',
    'sharded, 16 servers, 80 %: p99 114 ms, expected 118 ms, −3.4 %, passed',
    'staged against itself, 50%: winners named 1, expected 0, passed',
    'staged, frozen for 200 ms: p99.9 194 ms, expected 192 ms, +1.1 %, passed',
  ])
  expect(validationRowText(troubledValidation().rows[2]!)).toMatch(/\+8\.2 %, failed$/)
})
