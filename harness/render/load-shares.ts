import type { Load } from '../results/schema.ts'
import { formatShare } from './format.ts'

/** `hottest shard: 51.2% of requests`, and the busiest port's share where clients are unequal; null where neither was looked at. */
export function loadSharesText({ hottestShardShare, busiestPortShare }: Load): string | null {
  const parts = [
    hottestShardShare === undefined
      ? null
      : `hottest shard: ${formatShare(hottestShardShare)} of requests`,
    busiestPortShare === undefined
      ? null
      : `busiest port: ${formatShare(busiestPortShare)} of requests`,
  ].filter((part) => part !== null)
  return parts.length === 0 ? null : parts.join(' · ')
}
