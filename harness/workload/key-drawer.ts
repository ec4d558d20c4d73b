import { combineSeeds, type Random, seededRandom } from '../base/random.ts'
import type { KeyDistribution } from '../contract/workload.ts'
import { GrayZipf, scrambledZipfian, shuffledKeys, zipfKeys } from './zipf.ts'
import type { InsertOrder } from './operations.ts'
import type { TraceOrder } from './trace-layout.ts'

/** Makes a seed for ranks out of a trace's own. */
const RANKS_SEED = 1

/**
 * Draws the keys of the requests that insert nothing.
 * @param random the trace's own; distributions whose parameters are swept have one of their own, so that all else is the same.
 * @param inserts of the same trace, for keys whose age counts.
 */
export function keyDrawer(
  { workload, seed }: Pick<TraceOrder, 'workload' | 'seed'>,
  random: Random,
  inserts: InsertOrder,
): () => number {
  const { keys, recordCount } = workload
  if (keys.kind === 'uniform') return () => Math.floor(random.unit() * recordCount)
  if (keys.kind === 'scrambled-zipfian') return scrambledZipfian(recordCount, random)
  const ranks = seededRandom(combineSeeds(seed, RANKS_SEED))
  if (keys.kind === 'zipf') return zipfKeys(recordCount, keys.theta, ranks)
  if (keys.kind === 'latest') return latestKeys(recordCount, inserts, ranks)
  const { hotCount, share } = hotSet(keys, recordCount)
  return hotKeys(recordCount, hotCount, share, ranks)
}

/**
 * YCSB's SkewedLatestGenerator: the age of a key by zipf over those that the trace has put so far. Keys lie on shards by
 * their hash, so neighbours in age are no neighbours there.
 */
function latestKeys(recordCount: number, inserts: InsertOrder, random: Random): () => number {
  const ages = new GrayZipf(recordCount)
  return () => {
    while (ages.count < inserts.keyCount()) ages.grow()
    return inserts.keyByAge(ages.rank(random.unit()))
  }
}

/** Hot keys, and their share of the requests. All of them when there are no others. */
function hotSet(
  keys: Extract<KeyDistribution, { kind: 'hot-key' | 'hotspot' }>,
  recordCount: number,
): { hotCount: number; share: number } {
  const hotCount =
    keys.kind === 'hot-key' ? 1 : Math.max(1, Math.round(keys.keyShare * recordCount))
  const share = keys.kind === 'hot-key' ? keys.share : keys.requestShare
  return hotCount >= recordCount ? { hotCount: recordCount, share: 1 } : { hotCount, share }
}

/** The first keys of a fixed permutation are hot, the same as under zipf's law: they lie apart and on any shard. */
function hotKeys(keyCount: number, hotCount: number, share: number, random: Random): () => number {
  const keyOfRank = shuffledKeys(keyCount)
  const coldCount = keyCount - hotCount
  return () => {
    const isHot = random.unit() < share
    const among = random.unit()
    const rank = isHot ? Math.floor(among * hotCount) : hotCount + Math.floor(among * coldCount)
    return keyOfRank[rank]!
  }
}
