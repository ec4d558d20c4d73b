import { expect, test } from 'vitest'
import { chooseRounds } from '../../harness/asked/quantities.ts'
import { caughtFailure } from './caught-failure.ts'

test('eight rounds unless others are asked for', () => {
  expect(chooseRounds(undefined, 0.95)).toBe(8)
  expect(chooseRounds(12, 0.95)).toBe(12)
  expect(chooseRounds(2, 0.5)).toBe(2)
})

test('fewer than the level needs are refused, with how many would do', () => {
  expect(caughtFailure(() => chooseRounds(3, 0.95))).toMatchObject({
    kind: 'usage',
    message: '--rounds 3: an interval of 95 % needs at least 6 rounds',
    cure: '--rounds 6 or more, or a lower --level',
  })
  expect(caughtFailure(() => chooseRounds(undefined, 0.999))).toMatchObject({
    message: '--level 99.9%: an interval of 99.9 % needs at least 11 rounds, and the default is 8',
    cure: '--rounds 11',
  })
})
