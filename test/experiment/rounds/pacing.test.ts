import { expect, test } from 'vitest'
import { Pacing, type StepsLeft } from '../../../harness/experiment/rounds/pacing.ts'

/** After so many seconds of a budget, with so many sets left of ten seconds each. */
function paced(elapsed: number, budget: number, sets: number): Pacing {
  const pacing = new Pacing(() => elapsed, budget)
  pacing.follows(
    { left: () => ({ set: sets }) },
    { secondsFor: ({ set = 0 }: StepsLeft) => 10 * set },
  )
  return pacing
}

test.each([
  [30, Infinity, 6, 60, 1 / 3],
  // The budget ends before the plan does.
  [30, 50, 6, 20, 0.6],
  // While something is left it is not nothing.
  [30, 30, 6, 1, 30 / 31],
  [30, Infinity, 0, 1, 30 / 31],
  [0, Infinity, 3, 30, 0],
])(
  'after %i of %i seconds with %i sets left there are %i seconds left',
  (elapsed, budget, sets, secondsLeft, fraction) => {
    expect(paced(elapsed, budget, sets).advance()).toEqual({ fraction, secondsLeft })
  },
)

test('a set is played again when one more fits with a twentieth to spare', () => {
  // Five planned and one more: 60 s, with the spare 63.
  expect(paced(0, 63.1, 5).hasTimeToRepeat()).toBe(true)
  expect(paced(0, 63, 5).hasTimeToRepeat()).toBe(false)
  expect(paced(10, 73.1, 5).hasTimeToRepeat()).toBe(true)
  expect(paced(10, 73, 5).hasTimeToRepeat()).toBe(false)
  expect(paced(1e6, Infinity, 5).hasTimeToRepeat()).toBe(true)
})

test('where no end is planned a set itself must fit', () => {
  expect(paced(0, 10.6, Infinity).hasTimeToRepeat()).toBe(true)
  expect(paced(0, 10.4, Infinity).hasTimeToRepeat()).toBe(false)
})
