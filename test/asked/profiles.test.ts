import { expect, test } from 'vitest'
import { parseLoads } from '../../harness/asked/loads.ts'
import { findProfile, PROFILES } from '../../harness/asked/profiles.ts'
import { fewestPairs } from '../../harness/stats/verdict.ts'

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
