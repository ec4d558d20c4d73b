import type { Load } from '../results/schema.ts'
import type { Finding } from './findings.ts'
import { formatQuantity, formatShare, PER_SECOND } from './format.ts'

/** A load in percent that turned out to be another share by more than this, of what its label says, is a doubt. */
const LARGEST_MISS = 0.15

type NamedLoad = Pick<Load, 'label' | 'offeredPerSecond'>

/** A load with what it comes to: `50% (131k/s)`; its label alone where that says it, or where nothing was offered. */
export function loadName({ label, offeredPerSecond }: NamedLoad): string {
  return label.includes('%') && offeredPerSecond !== null
    ? `${label} (${formatQuantity(offeredPerSecond, PER_SECOND)})`
    : label
}

/** `hottest shard: 51.2% of requests`, and the busiest port's share where clients are unequal; null where neither was looked at. */
export function loadSharesText({
  hottestShardShare,
  busiestPortShare,
}: Pick<Load, 'hottestShardShare' | 'busiestPortShare'>): string | null {
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

/**
 * Loads in percent that were another share of the capacity than they say: they were fixed after the first round, and the
 * capacity is known only after the last.
 */
export function shareDoubts(
  loads: readonly Pick<Load, 'label' | 'fractionOfCapacity'>[],
): readonly Finding[] {
  return loads.flatMap(({ label, fractionOfCapacity }) => {
    const share = shareIn(label)
    if (share === null || fractionOfCapacity === null) return []
    if (Math.abs(fractionOfCapacity / share - 1) <= LARGEST_MISS) return []
    const what = `in fact ${formatShare(Number(fractionOfCapacity.toFixed(2)))} of what the slowest arm sustains, by all rounds`
    return [{ where: label, what }]
  })
}

function shareIn(label: string): number | null {
  const percent = /^([\d.]+)\s*%/.exec(label)?.[1]
  return percent === undefined ? null : Number(percent) / 100
}
