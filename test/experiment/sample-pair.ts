import type { PointPair, PointTrial } from '../../harness/results/points.ts'

/** What differs between trials of a sample. */
export interface PointChanges {
  readonly ns?: number
  /** The percentiles were never answered: they are at least `ns`. */
  readonly atLeast?: boolean
  readonly perSecond?: number
  readonly isVoid?: boolean
  /** Mean of what ten waits of 100 µs took, microseconds; null for a trial without waits. */
  readonly tookUs?: number | null
}

/** A trial all of whose percentiles are the same. */
function samplePointTrial(arm: string, changes: PointChanges = {}): PointTrial {
  const { ns = 1_000, atLeast = false, perSecond = 1_000, isVoid = false, tookUs = null } = changes
  const latency = { ns, atLeast }
  return {
    arm,
    startedAtSeconds: 0,
    percentiles: { p50: latency, p90: latency, p99: latency, p99_9: latency, max: latency },
    longestAnsweredNs: ns,
    achievedPerSecond: perSecond,
    cpuPerRequestNs: null,
    declaredWaits:
      tookUs === null ? null : { count: 10, askedNs: 1_000_000, actualNs: 10_000 * tookUs },
    failedGates: [],
    void: isVoid ? 'lost update' : null,
  }
}

/** Staged and sharded at a value. */
export function samplePair(
  staged: PointChanges,
  sharded: PointChanges,
  value: number | null = 1,
): PointPair {
  return {
    value,
    seed: 1,
    offeredPerSecond: 1_000,
    order: ['staged', 'sharded'],
    discarded: [],
    trials: [samplePointTrial('staged', staged), samplePointTrial('sharded', sharded)],
  }
}
