import type { Round } from '../../harness/results/schema.ts'

export const ROUNDS = 6

/** Six rounds; in the third `staged` did not get quiet. */
export function sampleRounds(labels: readonly string[]): readonly Round[] {
  return Array.from({ length: ROUNDS }, (_, index) => ({
    index,
    startedAtSeconds: 12 * index,
    seconds: index === 0 ? 19.4 : 11.5 + 0.1 * index,
    deployments: Object.fromEntries(
      labels.map((label) => [
        label,
        {
          startSeconds: 0.9 + 0.01 * index,
          warmUpSeconds: 1.2 + 0.1 * index,
          quiet: label !== 'staged' || index !== 2,
          helperSeconds: 1.4,
          parkedSeconds: 0.002,
          saturated: 210_000,
          sustained: 180_000,
          probes: index === 0 ? 7 : 3,
          capacitySeconds: index === 0 ? 3.1 : 0.9,
          residentBytes: 90 * 2 ** 20,
        },
      ]),
    ),
  }))
}
