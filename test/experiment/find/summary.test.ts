import { expect, test } from 'vitest'
import type { CrossingValue } from '../../../harness/results/find.ts'
import { summarizeFind } from '../../../harness/experiment/find/summary.ts'
import { crossingSentence } from '../../../harness/render/find/sentence.ts'
import {
  sampleCrossing,
  summarizedSearch,
  troubledSearch,
  uncrossed,
  undecidedSearch,
} from '../../render/sample-crossing.ts'

test('a search that crosses says where, and its interval holds the truth', () => {
  const { crossing, values } = sampleCrossing()
  expect(crossing).toMatchObject({ outcome: 'crosses', direction: 'increasing', resamples: 2_000 })
  expect(crossing!.lower).toBeLessThan(0.85)
  expect(crossing!.upper).toBeGreaterThan(0.85)
  const fitted = values.map((value) => value.fitted!)
  expect(fitted).toEqual(fitted.toSorted((a, b) => a - b))
})

test('the same trials give the same result, another seed other resamples', () => {
  const search = sampleCrossing()
  expect(summarizedSearch(search)).toEqual(search)
  const other = summarizedSearch({ ...search, run: { ...search.run, seed: 7 } })
  expect(other.crossing?.position).toBe(search.crossing?.position)
  expect(other.crossing?.lower).not.toBe(search.crossing?.lower)
})

test('the three kinds of resamples add up', () => {
  for (const search of [sampleCrossing(), uncrossed(), undecidedSearch(), troubledSearch()]) {
    const { crossing, secondSmaller, secondLarger, resamples } = search.crossing!
    expect(crossing + secondSmaller + secondLarger).toBe(resamples)
  }
  expect(uncrossed().crossing).toMatchObject({
    outcome: 'second-smaller',
    position: null,
    lower: null,
    upper: null,
    secondSmaller: 2_000,
  })
  expect(undecidedSearch().crossing?.outcome).toBe('inconclusive')
})

test('a value has its median with an exact interval, or the range of few', () => {
  const [first, second] = sampleCrossing().values
  expect(first?.ratio).toMatchObject({ n: 6, level: 0.96875 })
  expect(second?.ratio).toMatchObject({ n: 2, level: null })
})

test('requests that one arm left unanswered make a ratio without bound', () => {
  const last = troubledSearch().values.at(-1)!
  expect(last.ratio).toEqual({ value: null, lower: null, upper: null, level: null, n: 2 })
  expect(last.pairRatios.map((pair) => pair?.bound)).toEqual(['at-least', 'at-least', undefined])
  expect(Number.isFinite(last.fitted)).toBe(true)
})

test('an arm that does not keep up counts as slower than everything, both leave the value out', () => {
  const search = sampleCrossing()
  const fail = (value: CrossingValue, arm: string) => {
    for (const { trials } of value.pairs)
      for (const trial of trials) if (trial.arm === arm) trial.failedGates.push('completed')
  }
  fail(search.values.at(-1)!, 'sharded')
  const one = summarizedSearch(search)
  expect(one.values.at(-1)).toMatchObject({ saturated: ['sharded'], ratio: { value: null } })
  expect(one.crossing?.outcome).toBe('crosses')
  fail(search.values.at(-1)!, 'staged')
  const both = summarizedSearch(search)
  expect(both.values.at(-1)).toMatchObject({ saturated: ['staged', 'sharded'], fitted: null })
})

test('a pair in which both arms left requests unanswered is left out', () => {
  const search = sampleCrossing()
  const [pair] = search.values[0]!.pairs
  for (const trial of pair!.trials) trial.percentiles.p99 = { ns: 5e8, atLeast: true }
  const summarized = summarizedSearch(search)
  expect(summarized.values[0]?.pairRatios[0]).toBeNull()
  expect(summarized.values[0]?.ratio?.n).toBe(5)
})

test('with fewer than two values that have a ratio there is no crossing', () => {
  const search = sampleCrossing()
  search.values.splice(1)
  expect(summarizeFind(search)).toBeNull()
  expect(search.crossing).toBeNull()
  expect(summarizedSearch({ ...search, values: [] }).crossing).toBeNull()
})

test('a timer-bound value is left out of the fit, and the crossing stands on the others', () => {
  const search = sampleCrossing({ timerBoundAt: [0, 0.3] })
  const [first, second, third] = search.values
  expect(first).toMatchObject({ fitted: null, timerBound: { arm: 'staged', tookNs: 152_000 } })
  expect(first?.ratio?.n).toBe(6)
  expect([second?.fitted, third?.timerBound]).toEqual([null, null])
  expect(third?.fitted).not.toBeNull()
  expect(search.crossing).toMatchObject({ outcome: 'crosses', besideTimerBound: false })
  expect(summarizeFind(search)).toMatchObject({ leftOut: [0, 0.3] })
})

test('a crossing beside a timer-bound value, or with one in its interval, does not count', () => {
  for (const timerBoundAt of [[0.825], [0.9]]) {
    expect(sampleCrossing({ timerBoundAt }).crossing).toMatchObject({
      outcome: 'inconclusive',
      besideTimerBound: true,
    })
  }
})

test('with fewer than two values that are not timer-bound there is no crossing', () => {
  const timerBoundAt = [0, 0.3, 0.6, 0.75, 0.825, 0.9]
  expect(sampleCrossing({ timerBoundAt }).crossing).toBeNull()
})

test('a search most of whose trials were noisy says no more than that', () => {
  const search = sampleCrossing()
  const trials = search.values.flatMap(({ pairs }) => pairs).flatMap((pair) => pair.trials)
  const noisy = Math.floor(trials.length / 2) + 1
  for (const trial of trials.slice(0, noisy)) trial.failedGates = ['noise']
  const found = summarizedSearch(search)
  expect(found.crossing?.outcome).toBe('inconclusive')
  expect(crossingSentence(found)).toContain(
    `undecided: the machine was too noisy to say, in ${noisy} of ${trials.length} trials others took its processors`,
  )
  trials[0]!.failedGates = []
  expect(summarizedSearch(search).crossing?.outcome).toBe('crosses')
})
