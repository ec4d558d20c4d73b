import { expect, test } from 'vitest'
import { isSaturated, isTooNoisy, markedTrials } from '../../harness/stats/doubtful-trials.ts'

const failing = (...failedGates: string[]) => ({ failedGates })

test('trials that failed a gate are counted once, and under each of their gates', () => {
  expect(markedTrials([failing('noise', 'halves'), failing()])).toEqual({
    count: 1,
    of: 2,
    byGate: { noise: 1, halves: 1 },
  })
  expect(markedTrials([])).toEqual({ count: 0, of: 0, byGate: {} })
})

test('half of the trials may be noisy, and half may miss requests', () => {
  expect(isTooNoisy(markedTrials([failing('noise'), failing()]))).toBe(false)
  expect(isTooNoisy(markedTrials([failing('noise'), failing('noise'), failing()]))).toBe(true)
  expect(isSaturated([failing('completed'), failing()])).toBe(false)
  expect(isSaturated([failing('completed'), failing('completed'), failing()])).toBe(true)
  expect(isSaturated([])).toBe(false)
})
