import { expect, test } from 'vitest'
import { sustainedSentence } from '../../harness/words/verdict.ts'
import type { Objective, Sustained } from '../../harness/results/schema.ts'

function sustained(value: number, kept = 6, of = 6): Sustained {
  const perSecond = { value, lower: value, upper: value, level: null, n: of, unit: 'requests/s' }
  return {
    perSecond,
    atLeast: false,
    confirmed: of > 0 && 2 * kept >= of,
    kept,
    of,
    markedTrials: 0,
    latencyNs: null,
  }
}

const RATIO = { value: 1.5, lower: 1.4, upper: 1.625, level: null, n: 6, unit: '×' }

function sentence(
  staged: Sustained | null,
  sharded: Sustained | null,
  changes: Partial<Objective> = {},
): string {
  const objective: Objective = {
    percentile: 'p99',
    limitNs: 1_000_000,
    arms: { staged, sharded },
    ratio: staged && sharded ? RATIO : null,
    sentence: '',
    probes: [],
    ...changes,
  }
  return sustainedSentence(objective, 'staged', 'sharded')
}

test('two arms that sustain a load are compared, the second with the first', () => {
  expect(sentence(sustained(200_000), sustained(300_000, 4))).toBe(
    "Within p99 ≤ 1 ms sharded sustains 300k/s (in 4 of 6 rounds), 1.50× staged's 200k/s (in 6 of 6 rounds) (range 1.40–1.63).",
  )
})

test('an arm that kept the objective nowhere sustains nothing, whichever it is', () => {
  expect(sentence(sustained(200_000), null)).toBe(
    'Within p99 ≤ 1 ms staged sustains 200k/s (in 6 of 6 rounds); sharded sustains none of the loads that were tried.',
  )
  expect(sentence(null, sustained(300_000))).toBe(
    'Within p99 ≤ 1 ms staged sustains none of the loads that were tried; sharded sustains 300k/s (in 6 of 6 rounds).',
  )
})

test('an arm that was never searched is said to be one', () => {
  expect(sentence(sustained(200_000), null, { arms: { staged: sustained(200_000) } })).toMatch(
    /staged sustains 200k\/s .*; sharded was not searched\.$/,
  )
})

test('trials that failed a gate end the sentence', () => {
  const [marked, sound] = [{ ...sustained(200_000), markedTrials: 2 }, sustained(300_000)]
  expect(sentence(marked, null)).toMatch(
    /tried, but 2 of its 6 highest trials failed a validity gate\.$/,
  )
  expect(sentence(marked, sound)).toMatch(
    /\), but 2 of staged's 6 highest trials failed a validity gate\.$/,
  )
  expect(sentence(marked, { ...sound, markedTrials: 1 })).toMatch(
    /, but 1 of sharded's 6 and 2 of staged's 6 highest trials failed a validity gate\.$/,
  )
})

test('a load that was not confirmed says so, and a ratio with it has no range', () => {
  expect(sentence(sustained(200_000, 1), sustained(300_000), { ratio: { ...RATIO, n: 0 } })).toBe(
    "Within p99 ≤ 1 ms sharded sustains 300k/s (in 6 of 6 rounds), 1.50× staged's 200k/s (not confirmed: in 1 of 6 rounds).",
  )
})

test('when neither does, that is said', () => {
  expect(sentence(null, null)).toBe(
    'Within p99 ≤ 1 ms neither arm sustains any load that was tried.',
  )
})

test.each([
  [12.3, '12.3/s'],
  [999, '999/s'],
  [1_234, '1.23k/s'],
  [2_345_678, '2.35M/s'],
])('a load of %d is written as %s', (value, text) => {
  expect(sentence(sustained(value), null)).toContain(`sustains ${text} (`)
})

test.each([
  ['p50', 250_000, 'p50 ≤ 250 µs'],
  ['p99_9', 2_500_000, 'p99.9 ≤ 2.5 ms'],
] as const)('the objective %s of %d ns is written as %s', (percentile, limitNs, text) => {
  expect(sentence(null, null, { percentile, limitNs })).toContain(`Within ${text} `)
})

test('a load that was never broken is a lower bound, one kept in too few rounds is not confirmed', () => {
  const unbroken = { ...sustained(2_000_000), atLeast: true }
  expect(sentence(sustained(1_000_000, 2, 8), unbroken)).toMatch(
    /sharded sustains at least 2\.00M\/s .* staged's 1\.00M\/s \(not confirmed: in 2 of 8 rounds\)/,
  )
})
