import { expect, test } from 'vitest'
import { plantedRow, type PlantedOutcome } from '../../../harness/experiment/validate/planted.ts'

const outcomes = (right: number, undecided: number, wrong = 0): PlantedOutcome[] => [
  ...Array.from({ length: right }, () => 'right' as const),
  ...Array.from({ length: undecided }, () => 'undecided' as const),
  ...Array.from({ length: wrong }, () => 'wrong' as const),
]

test.each([
  [9, 1, 0, true],
  [8, 2, 0, false],
  [10, 0, 0, true],
  [9, 0, 1, false],
  [0, 1, 0, false],
  [1, 0, 0, true],
  [0, 0, 0, false],
])(
  'of a planted fifth, %i right, %i undecided and %i wrong pass: %s',
  (right, open, wrong, passed) => {
    expect(plantedRow(1.2, 0.9, outcomes(right, open, wrong)).passed).toBe(passed)
  },
)

test('a row says what was planted, and that the wrong arm won', () => {
  expect(plantedRow(1.1, 0.8, outcomes(7, 2, 1))).toMatchObject({
    part: 'planted',
    subject: 'sharded against itself, services 10 % longer, 10 runs of 16 rounds',
    measured: 7,
    expected: 10,
    limit: 8,
    passed: false,
    note: 'the arm with the longer services was named the winner',
  })
})
