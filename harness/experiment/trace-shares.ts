import type { Load } from '../results/schema.ts'
import type { Trace } from '../workload/trace-layout.ts'
import type { TrialContext } from './run-trial.ts'

/** How unequally a trace treats shards and ports. */
export type TraceShares = Pick<Trace, 'hottestShardShare' | 'busiestPortShare'>

/**
 * Puts the shares of one more set's trace into its load, as the mean over rounds: that of the hottest shard where a stage
 * touches records by their key, that of the busiest port where the workload's clients are unequal.
 * @param sets with this one.
 */
export function addTraceShares(
  load: Load,
  sets: number,
  shares: TraceShares,
  { loaded, workload }: Pick<TrialContext, 'loaded' | 'workload'>,
): void {
  const mean = (before: number | undefined, share: number) =>
    before === undefined ? share : before + (share - before) / sets
  const isKeyed = loaded.scenario
    .stages(loaded.params)
    .some((stage) => 'run' in stage && (stage.access ?? 'none') !== 'none')
  if (isKeyed) load.hottestShardShare = mean(load.hottestShardShare, shares.hottestShardShare)
  if (workload.heavyClients !== undefined)
    load.busiestPortShare = mean(load.busiestPortShare, shares.busiestPortShare)
}
