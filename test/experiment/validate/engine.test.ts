import { expect, test } from 'vitest'
import {
  compareEngines,
  engineRow,
  engineSummary,
} from '../../../harness/experiment/validate/engine.ts'
import { compareLoad } from '../../../harness/experiment/run/compare-load.ts'
import type { Load, TrialSet } from '../../../harness/results/schema.ts'
import { gateOf, sampleTrial } from '../sample-trial.ts'

const COMPARISONS = [
  { first: 'a', second: 'b' },
  { first: 'a2', second: 'b2' },
]

/** Eight sets in which the second arm's p99 is so many times the first one's, with one pair of flags and with the other. */
function compared(usual: number, other: number, spread = 1.01, isSaturated = false) {
  const sets = Array.from({ length: 8 }, (_, round): TrialSet => {
    const noise = spread ** (round - 3.5)
    const nsOf = { a: 1_000, b: 1_000 * usual * noise, a2: 2_000, b2: 2_000 * other * noise }
    const trials = Object.entries(nsOf).map(([arm, ns]) => {
      const trial = sampleTrial()
      return [
        arm,
        {
          ...trial,
          arm,
          gates: [gateOf('completed', !isSaturated)],
          percentiles: { ...trial.percentiles, p99: { ns, atLeast: false } },
        },
      ]
    })
    return { order: Object.keys(nsOf), trials: Object.fromEntries(trials), discarded: [] } as never
  })
  const load = { label: '50%', offeredPerSecond: 1_000, sets, comparisons: [] } as unknown as Load
  load.comparisons = compareLoad(load, {
    comparisons: COMPARISONS,
    metric: 'p99',
    level: 0.95,
    threshold: 1.05,
  })
  return compareEngines(load)
}

test('what both flags decide alike does not depend on them, with the distance by pairs', () => {
  const load = compared(0.5, 0.6)
  expect(load).toMatchObject({ usualWinner: 'sharded', otherWinner: 'sharded' })
  // The noise of a round is in both of its pairs.
  expect(load.apart?.lower).toBeCloseTo(1.2)
  expect(load.apart?.upper).toBeCloseTo(1.2)
  expect(engineRow(load)).toMatchObject({ measured: expect.closeTo(1.2), passed: true })
  expect(engineSummary([load])).toMatchObject({
    passed: true,
    sentence: expect.stringContaining(
      'the verdict does not depend on the runtime’s flags: kv-update',
    ),
  })
})

test('another winner fails, one that is open says so', () => {
  const other = compared(0.5, 2)
  expect(engineRow(other)?.passed).toBe(false)
  expect(engineSummary([other])).toMatchObject({
    passed: false,
    sentence: expect.stringContaining('depends on the runtime’s flags at 50%'),
  })
  const open = compared(0.5, 1, 1.3)
  expect(engineSummary([open])).toMatchObject({
    passed: true,
    sentence: expect.stringContaining('is open'),
  })
  expect(engineSummary([compared(0.5, 0.5), open]).sentence).toContain('where both are decided')
})

test('where an arm does not keep up there is no winner, and nothing to be apart', () => {
  const saturated = compared(0.5, 2, 1.01, true)
  expect(saturated).toMatchObject({ usualWinner: 'inconclusive', apart: null })
  expect(engineRow(saturated)).toBeNull()
})
