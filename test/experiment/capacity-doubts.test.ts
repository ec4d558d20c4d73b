import { expect, test } from 'vitest'
import { CapacityDoubts, CLIENT_LIMIT } from '../../harness/experiment/capacity.ts'
import type { Report } from '../../harness/results/schema.ts'

const other = { code: 'unpinned', message: 'threads are not pinned', cure: 'use Linux' }

test('capacity trials that failed the same gate are one warning, from the first of them on', () => {
  const warnings: Report['warnings'] = [other]
  const doubts = new CapacityDoubts(warnings)
  doubts.add('noise', 'staged')
  expect(warnings).toEqual([
    other,
    expect.objectContaining({ message: '1 capacity trial failed the gate noise: arm=staged' }),
  ])
  warnings.push(other)
  doubts.add('halves', 'sharded')
  for (const arm of ['staged', 'sharded', 'sharded']) doubts.add('noise', arm)
  expect(warnings.map(({ message }) => message)).toEqual([
    other.message,
    '4 capacity trials failed the gate noise: arms=staged, sharded',
    other.message,
    '1 capacity trial failed the gate halves: arm=sharded',
  ])
})

test('a client that was the limit has a code of its own', () => {
  const warnings: Report['warnings'] = []
  const doubts = new CapacityDoubts(warnings)
  for (const arm of ['staged', 'sharded']) doubts.add('generator', arm)
  expect(warnings).toEqual([
    {
      code: CLIENT_LIMIT,
      message:
        'the client, not the server, limited the capacity in 2 capacity trials: arms=staged, sharded',
      cure: expect.stringContaining('--cpus'),
    },
  ])
})
