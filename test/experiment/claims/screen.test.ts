import { expect, test } from 'vitest'
import type { CellCriterion, CellMetric } from '../../../harness/contract/claim.ts'
import type { Claims } from '../../../harness/results/claims.ts'
import type { Played } from '../rounds/fake-servers.ts'
import { fileOf, latency, measured, UPDATES } from './measured-claim.ts'
import { CRITERION } from './sample-claim.ts'

/** Of four cells the one with the largest p99 and the one with the smallest are worth more rounds. */
const SCREENED: CellCriterion = {
  ...CRITERION,
  screen: { rounds: 2, keep: 1 },
  figures: [
    {
      name: 'p99, largest',
      unit: 'µs',
      of: { largest: Object.keys(CRITERION.cells).map((cell) => ({ cell, metric: 'p99' })) },
      confirmed: { above: 5 },
    },
  ],
}
/** 1 µs for reads and 6 for updates in staged, twice as much in sharded; ten times that in the screen. */
const screenedPlay = ({ at, arm, number }: Played) =>
  latency((at === UPDATES ? 6_000 : 1_000) * (arm === 'sharded' ? 2 : 1) * (number < 8 ? 10 : 1))

test('a screen lets the largest and the smallest go on, and is part of no interval', async () => {
  const { claim, servers } = await measured({ play: screenedPlay }, { criterion: SCREENED })
  expect(claim.screened).toEqual(['staged reads', 'sharded updates'])
  expect(claim).toMatchObject({ outcome: 'confirmed', complete: true, plannedRounds: 10 })
  expect(claim.figures[0]!.estimate).toMatchObject({ value: 12, n: 8 })
  expect(servers.played).toHaveLength(2 * 4 + 8 * 2)
  const further = claim.sets.filter(({ round }) => round >= 2).flatMap(({ order }) => order)
  expect(new Set(further)).toEqual(new Set(claim.screened))
})

test('the interval of the largest is as wide as the largest that went on ask for, and the smallest are no look of it', async () => {
  const [grid] = SCREENED.figures
  const { of } = grid as { readonly of: { readonly largest: readonly CellMetric[] } }
  const criterion: CellCriterion = {
    ...SCREENED,
    figures: [grid!, { name: 'p99, smallest', unit: 'µs', of: { smallest: of.largest } }],
  }
  // The screen's smallest is the largest thereafter, and is none that the figure is of.
  const play = (played: Played) =>
    played.number >= 8 && played.at !== UPDATES ? latency(50_000) : screenedPlay(played)
  const { claim } = await measured({ play }, { criterion })
  expect(claim.figures.map(({ estimate }) => estimate!.value)).toEqual([12, 50])
  // One look each, of eight rounds: all of a level's error is theirs.
  expect(claim.figures.map(({ estimate }) => estimate!.level!)).toEqual([
    expect.closeTo(0.961, 3),
    expect.closeTo(0.961, 3),
  ])
})

test.each([3, 8, 9, 15])(
  'what a screen chose stays chosen when it is resumed (interrupted after %d trials)',
  async (trials) => {
    const play = (played: Played) => {
      if (played.number === trials) throw new Error('the run was interrupted')
      return screenedPlay(played)
    }
    const { claim } = await measured({ play }, { criterion: SCREENED })
    const saved = JSON.parse(JSON.stringify(fileOf(claim))) as Claims
    const whole = claim.sets.flatMap(({ trials: of, order }) =>
      of.length === order.length ? of : [],
    ).length
    const resumed = await measured(
      { play: (played) => screenedPlay({ ...played, number: played.number + whole }) },
      { criterion: SCREENED, earlier: saved },
    )
    expect(resumed.servers.played).toHaveLength(24 - whole)
    expect(resumed.claim.screened).toEqual(['staged reads', 'sharded updates'])
    expect(resumed.claim).toMatchObject({ outcome: 'confirmed', complete: true })
    expect(resumed.claim.figures[0]!.estimate).toMatchObject({ value: 12, n: 8 })
  },
)
