import { expect, test } from 'vitest'
import { crossingPredictionText } from '../../../harness/render/find/sentence.ts'
import type { CrossingSearch } from '../../../harness/results/find.ts'
import { sampleCrossing, uncrossed, undecidedSearch } from '../sample-crossing.ts'

type Prediction = NonNullable<CrossingSearch['scenario']['prediction']>

/** What is said of a prediction about a search, behind `Outcome: `. */
function outcome(search: CrossingSearch, winner: string, more: Partial<Prediction> = {}): string {
  const prediction = { winner, because: 'of this', ...more }
  const text = crossingPredictionText({ ...search, scenario: { ...search.scenario, prediction } })
  return text?.replace(/^.*Outcome: /, '') ?? ''
}

/** Twelve pairs at each of five values. */
const even = (ratio: (value: number) => number, noise = 0.02): CrossingSearch =>
  sampleCrossing({ pairs: { 0: 12, 0.3: 12, 0.6: 12, 0.9: 12, 1.2: 12 }, ratio, noise })

test('the prediction stands beside the outcome', () => {
  const search = uncrossed()
  search.scenario.prediction = { winner: 'sharded', because: 'of this' }
  expect(crossingPredictionText(search)).toBe(
    'Predicted: sharded wins, because of this. Outcome: confirmed in all of the range.',
  )
  expect(outcome(uncrossed(), 'staged')).toBe('refuted.')
  expect(outcome(undecidedSearch(), 'sharded')).toBe('undecided.')
  expect(outcome(sampleCrossing(), 'sharded')).toMatch(
    /^it depends: sharded below theta = 0\.8\d*, staged above\.$/,
  )
  search.scenario.prediction = null
  expect(crossingPredictionText(search)).toBeNull()
})

test('a prediction about architectures is not tested by two arms of one of them', () => {
  const two = uncrossed()
  two.arms[0]!.architecture = 'sharded'
  two.arms[0]!.label = 'sharded:idle=park'
  const renamed = { ...two, arms: [two.arms[0]!, { ...two.arms[1]!, label: 'b' }] }
  expect(outcome(renamed, 'sharded')).toBe('not tested: it is not about these two arms.')
})

test('a tie is confirmed where the intervals lie within 1.05, though the fit is on one side of 1', () => {
  const tie = even(() => 1.02, 0.01)
  expect(tie.crossing?.outcome).toBe('second-larger')
  expect(outcome(tie, 'none')).toBe('confirmed in all of the range.')
  expect(outcome(tie, 'sharded', { orTie: true })).toBe('confirmed in all of the range.')
  expect(outcome(tie, 'sharded')).toBe('refuted.')
})

test('a tie is confirmed also where the fit crosses 1 and it makes no difference that matters', () => {
  const crossing = even((value) => 1 + 0.04 * (value - 0.6), 0.005)
  expect(crossing.crossing?.outcome).toBe('crosses')
  expect(outcome(crossing, 'none')).toBe('confirmed in all of the range.')
})

test('a tie is refuted where a winner is known, undecided where pairs are too few or too wide', () => {
  expect(outcome(uncrossed(), 'none')).toBe(
    'refuted at theta 0, undecided from theta 0.3 to 0.9 and refuted at theta 1.2.',
  )
  expect(outcome(undecidedSearch(), 'none')).toBe('undecided.')
  const timers = sampleCrossing({ timerBoundAt: [0] })
  expect(outcome(sampleCrossing(), 'none')).toMatch(/^refuted at theta 0, undecided /)
  expect(outcome(timers, 'none')).toMatch(/^undecided up to theta 0\.6, refuted /)
  expect(outcome({ ...uncrossed(), values: [], crossing: null }, 'none')).toBe('undecided.')
})

test('where values were left out nothing is confirmed in all of the range', () => {
  const pairs = { 0: 12, 0.3: 12, 0.6: 12, 0.9: 12, 1.2: 12 }
  const search = sampleCrossing({ pairs, ratio: () => 0.5, timerBoundAt: [0, 0.3] })
  expect(outcome(search, 'sharded')).toBe('confirmed at the values that are not left out.')
  expect(outcome(search, 'staged')).toBe('refuted.')
})
