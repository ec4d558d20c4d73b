import { expect, test } from 'vitest'
import { seededRandom } from '../../harness/base/random.ts'
import { shardOf } from '../../harness/base/hash.ts'
import type { KeyDistribution, Workload } from '../../harness/contract/workload.ts'
import { GrayZipf } from '../../harness/workload/zipf.ts'
import { InsertOrder } from '../../harness/workload/operations.ts'
import { createKeySpace } from '../../harness/workload/keys.ts'
import { chiSquare, tally, UNLIKELY } from './goodness-of-fit.ts'
import { keyDrawer } from '../../harness/workload/trace.ts'

const KEYS = 1_000
const DRAWS = 100_000

function workloadOf(keys: KeyDistribution): Workload {
  return {
    recordCount: KEYS,
    insertRoom: 1_000,
    valueBytes: 8,
    operations: { read: 1, update: 0 },
    keys,
    arrivals: { kind: 'poisson' },
  }
}

/** How often each key came. */
function perKey(keys: KeyDistribution, seed = 1): Int32Array {
  const workload = workloadOf(keys)
  const draw = keyDrawer({ workload, seed }, seededRandom(seed), new InsertOrder(workload))
  return tally(draw, KEYS, DRAWS)
}

/** Keys by how often they came, the most frequent first. */
function hottest(counts: Int32Array): number[] {
  return [...counts.keys()].toSorted((a, b) => counts[b]! - counts[a]!)
}

test.each([0, 0.01, 0.5])(
  'one key gets %d of the requests and the others the rest alike',
  (share) => {
    const counts = perKey({ kind: 'hot-key', share })
    const [hot] = hottest(perKey({ kind: 'hot-key', share: 0.9 }))
    const others = counts.filter((_, key) => key !== hot)
    const probabilities = [share, ...Array.from(others, () => (1 - share) / others.length)]
    expect(chiSquare([counts[hot!]!, ...others], probabilities)).toBeGreaterThan(UNLIKELY)
  },
)

test('one key may get all requests', () => {
  expect(perKey({ kind: 'hot-key', share: 1 }).toSorted().at(-1)).toBe(DRAWS)
})

test.each([
  [0.2, 0.8],
  [0.5, 0.5],
  [0.01, 0.99],
  [0.001, 0.3],
])('%d of the keys get %d of the requests, all in both sets alike', (keyShare, requestShare) => {
  const counts = perKey({ kind: 'hotspot', keyShare, requestShare })
  const hotCount = keyShare * KEYS
  const isHot = new Set(
    hottest(perKey({ kind: 'hotspot', keyShare, requestShare: 1 })).slice(0, hotCount),
  )
  const shares = Array.from(counts, (_, key) =>
    isHot.has(key) ? requestShare / hotCount : (1 - requestShare) / (KEYS - hotCount),
  )
  expect(chiSquare(counts, shares)).toBeGreaterThan(UNLIKELY)
})

test('hot keys are the same under every seed and distribution, and lie on all shards', () => {
  const spot = { kind: 'hotspot', keyShare: 0.01, requestShare: 1 } as const
  const set = new Set(hottest(perKey(spot, 1)).slice(0, 10))
  expect(new Set(hottest(perKey(spot, 2)).slice(0, 10))).toEqual(set)
  const [hot] = hottest(perKey({ kind: 'hot-key', share: 0.5 }, 3))
  expect(set.has(hot!)).toBe(true)
  expect(hottest(perKey({ kind: 'zipf', theta: 1.5 }, 4))[0]).toBe(hot)
  const { hashes } = createKeySpace(KEYS)
  expect(new Set([...set].map((key) => shardOf(hashes[key]!, 2)))).toEqual(new Set([0, 1]))
})

test('the ages of the latest keys have Gray’s probabilities', () => {
  const counts = perKey({ kind: 'latest' }).toReversed()
  const zipf = new GrayZipf(KEYS)
  // Each draw in a million, in order: the share of each rank to six digits.
  const shares = tally(() => 0, KEYS, 0)
  for (let draw = 0; draw < 1e6; draw++) shares[zipf.rank((draw + 0.5) / 1e6)]!++
  expect(
    chiSquare(
      counts,
      Array.from(shares, (share) => share / 1e6),
    ),
  ).toBeGreaterThan(UNLIKELY)
})

test('what was inserted just now is the likeliest, and nothing that the trace has not inserted is drawn', () => {
  const workload = workloadOf({ kind: 'latest' })
  const inserts = new InsertOrder(workload, 'first')
  const draw = keyDrawer({ workload, seed: 1 }, seededRandom(1), inserts)
  for (let insert = 0; insert < 50; insert++) {
    const newest = inserts.next()
    const counts = tally(draw, newest + 1, 2_000)
    expect(hottest(counts)[0]).toBe(newest)
  }
})
