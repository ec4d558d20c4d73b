import { expect, test } from 'vitest'
import { isWarm } from '../../../harness/experiment/calibrate/single-costs.worker.ts'

const rounds = (...medians: number[]) => medians.map((a) => ({ a, b: 10 }))

test('three rounds are the fewest', () => {
  expect(isWarm([])).toBe(false)
  expect(isWarm(rounds(5, 5))).toBe(false)
  expect(isWarm(rounds(5, 5, 5))).toBe(true)
})

test('one measurement that became faster keeps all of them warming up', () => {
  expect(isWarm(rounds(9, 9, 8))).toBe(false)
  expect(isWarm(rounds(9, 9, 8.6))).toBe(true)
})

test('a disturbed round is no reason to go on', () => {
  expect(isWarm(rounds(9, 5, 20))).toBe(true)
})
