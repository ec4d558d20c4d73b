import { expect, test } from 'vitest'
import { judgePrediction, predictedArm } from '../../harness/stats/prediction.ts'

test.each([
  ['staged', 'staged', false, 'confirmed'],
  ['sharded', 'staged', false, 'refuted'],
  ['none', 'staged', false, 'refuted'],
  ['none', 'staged', true, 'confirmed'],
  ['sharded', 'staged', true, 'refuted'],
  ['none', 'none', false, 'confirmed'],
  ['staged', 'none', false, 'refuted'],
  ['inconclusive', 'none', false, 'undecided'],
  ['inconclusive', 'staged', true, 'undecided'],
] as const)('%s where %s was predicted, or a tie: %s: %s', (winner, expected, orTie, outcome) => {
  expect(judgePrediction(winner, expected, orTie)).toBe(outcome)
})

test('a prediction means a label, or the only arm of an architecture', () => {
  const arms = [
    { label: 'staged', architecture: 'staged', options: {} },
    { label: 'b', architecture: 'sharded', options: {} },
  ]
  expect(
    ['staged', 'sharded', 'b', 'none', 'c'].map((winner) => predictedArm(arms, { winner })),
  ).toEqual(['staged', 'b', 'b', 'none', null])
  const two = [...arms, { label: 'c', architecture: 'sharded', options: {} }]
  expect(predictedArm(two, { winner: 'sharded' })).toBeNull()
})

test('a prediction about a layout of staged is about no other', () => {
  const sharded = { label: 'sharded', architecture: 'sharded', options: {} }
  const meant = (layout: 'classic' | 'fused') =>
    (['classic', 'fused', 'both'] as const).map((about) =>
      predictedArm([{ label: 'staged', architecture: 'staged', options: { layout } }, sharded], {
        winner: 'staged',
        about,
      }),
    )
  expect(meant('classic')).toEqual(['staged', null, 'staged'])
  expect(meant('fused')).toEqual([null, 'staged', 'staged'])
})
