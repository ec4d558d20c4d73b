import { combineSeeds, type Random, seededRandom } from '../base/random.ts'
import { favouredKeys, GrayZipf, scrambledZipfian, zipfKeys } from './zipf.ts'
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
  if (keys.kind === 'hot-key') return favouredKeys(recordCount, 1, keys.share, ranks)
  return favouredKeys(recordCount, keys.keyShare * recordCount, keys.requestShare, ranks)
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
