import { expect, test } from 'vitest'
import { choosePairs } from '../../harness/asked/quantities.ts'
import { findProfile } from '../../harness/asked/profiles.ts'
import { caughtFailure } from './caught-failure.ts'

test.each([
  [undefined, 0.95, 'default', 8],
  [undefined, 0.95, 'smoke', 1],
  [undefined, 0.99, 'smoke', 1],
  [undefined, 0.99, 'default', 8],
  [undefined, 0.99, 'long', 16],
  [6, 0.95, 'smoke', 6],
  [8, 0.99, 'default', 8],
  [2, 0.5, 'default', 2],
  [64, 0.95, 'default', 64],
])('%s pairs at level %d with profile %s are %d', (asked, level, profile, pairs) => {
  expect(choosePairs(asked, level, findProfile(profile))).toBe(pairs)
})

test.each([
  [1, 0.95, '95 %', 6],
  [5, 0.95, '95 %', 6],
  [6, 0.99, '99 %', 8],
  [1, 0.5, '50 %', 2],
])('%d pairs are too few for level %d', (asked, level, share, needed) => {
  const failure = caughtFailure(() => choosePairs(asked, level, findProfile('smoke')))
  expect(failure.kind).toBe('usage')
  expect(failure.message).toBe(
    `--pairs ${asked}: an interval of ${share} needs at least ${needed} pairs`,
  )
  expect(failure.cure).toBe(`--pairs ${needed} or more, or a lower --level`)
})

test('a profile whose rounds are too few for the level is refused', () => {
  const failure = caughtFailure(() => choosePairs(undefined, 0.99, findProfile('short')))
  expect(failure.message).toBe(
    '--level 99%: an interval of 99 % needs at least 8 pairs, and profile short has 6 rounds',
  )
  expect(failure.cure).toBe('--pairs 8')
})
