import { expect, test } from 'vitest'
import { markedTrials } from '../../../harness/experiment/ratios.ts'
import { troubledSearch } from '../../render/sample-crossing.ts'

test('trials that failed a gate are counted once, and under each of their gates', () => {
  const { values } = troubledSearch()
  const [pair] = values[0]!.pairs
  pair!.trials[0]!.failedGates = ['noise', 'halves']
  expect(markedTrials([pair!])).toEqual({ count: 1, of: 2, byGate: { noise: 1, halves: 1 } })
  expect(markedTrials([])).toEqual({ count: 0, of: 0, byGate: {} })
})
