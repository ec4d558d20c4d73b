import { expect, test } from 'vitest'
import type { Stage } from '../../harness/contract/stage.ts'
import type { Workload } from '../../harness/contract/workload.ts'
import { parseArms } from '../../harness/asked/arms.ts'
import { loadScenario } from '../../harness/scenario/load.ts'
import { createTrialContext } from '../../harness/trial/context.ts'
import { addTraceShares, busiestShare, evenly } from '../../harness/trial/series.ts'
import type { TrialContext } from '../../harness/trial/measured.ts'
import type { Load } from '../../harness/results/schema.ts'

const SHARES = [
  { hottestShardShare: 0.5, busiestPortShare: 0.9 },
  { hottestShardShare: 0.6, busiestPortShare: 0.7 },
  { hottestShardShare: 0.7, busiestPortShare: 0.5 },
]

/** A load after three pairs. */
function loadAfter(access: 'none' | 'read', heavyClients?: Workload['heavyClients']): Load {
  const stage: Stage = { name: 'apply', access, run: () => {} }
  const load = {} as Load
  const context = {
    loaded: { scenario: { stages: () => [{ name: 'decode', codec: 'decode' }, stage] } },
    workload: { heavyClients },
  } as unknown as TrialContext
  for (const [index, shares] of SHARES.entries()) addTraceShares(load, index + 1, shares, context)
  return load
}

const HEAVY = { clients: 10, heavyShare: 0.1, requestShare: 0.9 }

test('a load tells the mean share of the hottest shard where a stage is keyed', () => {
  expect(loadAfter('read').hottestShardShare).toBeCloseTo(0.6, 12)
  expect(loadAfter('none')).toEqual({})
})

test('a load tells the mean share of the busiest port where clients are unequal', () => {
  expect(loadAfter('none', HEAVY).busiestPortShare).toBeCloseTo(0.7, 12)
  expect(loadAfter('none', HEAVY)).not.toHaveProperty('hottestShardShare')
})

test.each([
  ['hot-key', 0.58],
  ['heavy-clients', 0.6],
])(
  'the busiest shard of %s has more than its share, unless keys and clients are made even',
  async (name, least) => {
    const loaded = await loadScenario(name, {})
    const arms = parseArms('staged,sharded')
    const { signal } = new AbortController()
    const context = createTrialContext({ loaded, arms, cpus: [0, 1], virtualCores: null, signal })
    const skewed = busiestShare(context, arms[1]!, 7)
    expect(skewed).toBeGreaterThan(least)
    expect(skewed).toBeLessThan(0.9)
    const even = busiestShare(evenly(context), arms[1]!, 7)
    expect(even).toBeGreaterThanOrEqual(0.5)
    expect(even).toBeLessThan(0.54)
  },
)
