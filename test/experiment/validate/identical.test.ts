import { expect, test } from 'vitest'
import {
  identicalRow,
  identicalSummary,
  machineBands,
} from '../../../harness/experiment/validate/identical.ts'
import type { IdenticalRun } from '../../../harness/results/validate.ts'

function run(changes: Partial<IdenticalRun> = {}): IdenticalRun {
  const pairs = changes.pairs ?? 6
  const ratio = { value: 1.02, lower: 0.9, upper: 1.1, level: 0.969, n: pairs, unit: '×' }
  return {
    arm: 'staged',
    load: '50%',
    pairs,
    ratios: { p99: pairs === 0 ? null : ratio },
    winner: 'inconclusive',
    markedTrials: 0,
    ...changes,
  }
}

/** So many runs of each architecture. */
function runsOf(count: number, changes: Partial<IdenticalRun> = {}): IdenticalRun[] {
  return ['staged', 'sharded'].flatMap((arm) =>
    Array.from({ length: count }, () => run({ arm, ...changes })),
  )
}

const winning = (arm: string) => run({ arm, winner: arm })

test.each([
  [40, 5, true],
  [40, 6, false],
  [2, 0, true],
  [2, 1, true],
  [2, 2, false],
])('of %i judged verdicts, %i winners pass: %s', (count, winners, passed) => {
  const runs = runsOf(count / 2)
  for (let index = 0; index < winners; index++) runs[index] = winning('staged')
  expect(identicalSummary(runs, null).passed).toBe(passed)
  expect(identicalRow(runs, 'staged').passed).toBe(passed)
})

test('what was never judged has not passed', () => {
  const runs = [...runsOf(1, { pairs: 5 }), ...runsOf(1, { pairs: 0 })]
  expect(identicalSummary(runs, null)).toMatchObject({
    passed: false,
    sentence: expect.stringMatching(/against itself: not tested; 0 of 4 judged/),
  })
  expect(identicalRow(runs, 'staged')).toMatchObject({
    passed: false,
    subject: 'staged against itself at 50 %, 2 verdicts of 0 to 5 pairs',
  })
})

test('runs that were not judged are told, and allow no winner', () => {
  const runs = [...runsOf(19), ...runsOf(1, { pairs: 4 })]
  for (let index = 0; index < 6; index++) runs[index] = winning('staged')
  const { passed, sentence } = identicalSummary(runs, '2026-11-20')
  expect(passed).toBe(false)
  expect(sentence).toContain('at most 5 may; 38 of 40 judged')
  expect(identicalSummary(runsOf(20), null).sentence).not.toContain('judged:')
})

test('a band is labelled with the load of its runs', () => {
  expect(machineBands(runsOf(20, { load: '200000/s' }))).toEqual({
    bands: [{ load: '200000/s', metric: 'p99', ratio: expect.closeTo(1.02, 9) }],
  })
})

test('no band is made of too few judged runs', () => {
  const runs = [...runsOf(9), ...runsOf(1, { pairs: 5 })]
  expect(machineBands(runs)).toMatchObject({
    why: expect.stringContaining('fewer than 20 verdicts'),
  })
})

test('no band is made when more than a tenth of the trials failed a gate', () => {
  const runs = runsOf(20)
  runs[0] = run({ markedTrials: 48 })
  expect(machineBands(runs)).toHaveProperty('bands')
  runs[0] = run({ markedTrials: 49 })
  expect(machineBands(runs)).toEqual({
    why: '49 of 480 trials failed a validity gate (limit 10 %)',
  })
})
