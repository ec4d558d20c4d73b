import { expect, test } from 'vitest'
import type { Workload } from '../../harness/contract/workload.ts'
import { requestsInFlight } from '../../harness/server/server-memory.ts'

const plain: Workload = {
  recordCount: 1,
  valueBytes: 8,
  operations: { read: 1, update: 0 },
  keys: { kind: 'uniform' },
  arrivals: { kind: 'poisson' },
}
const over = (maximum: number): Workload => ({
  ...plain,
  keysPerRequest: { minimum: 1, maximum, spread: 'scattered' },
})

test.each([
  [2_048, plain, 2_048],
  [2_048, over(1), 2_048],
  [2_048, over(16), 128],
  [2_048, over(100), 20],
  [512, over(100), 16],
  [4, over(100), 4],
  [1, plain, 1],
])('with %i permits %o has at most %i requests in flight per port', (permits, workload, most) => {
  expect(requestsInFlight(permits, workload)).toBe(most)
})
