import { expect, test } from 'vitest'
import { Samples } from '../../../harness/experiment/calibrate/figures.ts'

test('summarises what was added since it was cleared, in any order', () => {
  const samples = new Samples()
  samples.add(1e9)
  samples.clear()
  for (let i = 100; i >= 1; i--) samples.add(i)
  expect(samples.summary()).toEqual({ p50Ns: 50, p99Ns: 99 })
})

test('is full at last', () => {
  const samples = new Samples()
  let count = 0
  for (; !samples.isFull; count++) samples.add(7)
  expect(count).toBe(32_768)
  expect(samples.summary()).toEqual({ p50Ns: 7, p99Ns: 7 })
})
