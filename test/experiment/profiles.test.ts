import { expect, test } from 'vitest'
import { parseLoads } from '../../harness/asked/loads.ts'
import { findProfile, PROFILES } from '../../harness/asked/profiles.ts'
import { fewestPairs } from '../../harness/stats/verdict.ts'
import { caughtFailure } from './caught-failure.ts'

test('profiles measure more and more', () => {
  const seconds = PROFILES.map(
    ({ rounds, durationSeconds, loads }) =>
      rounds * durationSeconds * (loads === null ? 1 : parseLoads(loads).length),
  )
  expect(seconds).toEqual(seconds.toSorted((a, b) => a - b))
})

test('every profile but smoke carries intervals of 95 %', () => {
  const poor = PROFILES.filter((profile) => profile.rounds < fewestPairs(0.95))
  expect(poor).toMatchObject([{ name: 'smoke', rounds: 1 }])
})

test('smoke alone is about answers, at a load of its own', () => {
  const isAboutAnswers = PROFILES.map(({ name, answersOnly, loads }) => [name, answersOnly, loads])
  expect(isAboutAnswers.filter(([, answersOnly]) => answersOnly)).toEqual([['smoke', true, null]])
})

test('a profile is found by its name', () => {
  expect(findProfile('default')).toMatchObject({
    rounds: 8,
    durationSeconds: 0.5,
    loads: '20%,50%,80%',
  })
})

test('an unknown profile is refused with the names there are', () => {
  const failure = caughtFailure(() => findProfile('smok'))
  expect(failure.message).toBe('--profile: no profile has this name: smok')
  expect(failure.cure).toBe('did you mean smoke? profiles: smoke, short, default, long')
})
