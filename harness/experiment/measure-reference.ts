import type { Arm } from '../contract/architecture.ts'
import type { Trial } from '../results/schema.ts'
import { capacityOf, spread } from './capacity.ts'
import { CapacityDoubts } from './capacity-doubts.ts'
import { capacityTrial } from './measure-capacity.ts'
import { middleLoad, REFERENCE_TRIALS } from './plan.ts'
import type { RunState } from './run-state.ts'
import { trialTimes } from './trial-plan.ts'

/** Measures the reference arm's capacity and its latency at the middle load, beside the two arms. */
export async function measureReference(run: RunState, arm: Arm): Promise<void> {
  const { loads, durationSeconds } = run.request
  const load = run.report.loads[middleLoad(loads)]
  if (load === undefined) return
  if (run.secondsLeft() <= 0) {
    run.warn(
      'no-reference',
      `the time budget was used up: ${arm.label} was not measured beside the others`,
      'give a larger --budget',
    )
    return
  }
  run.tell({ kind: 'reference', arm: arm.label })
  const trials: Trial[] = []
  const rates: number[] = []
  const doubts = new CapacityDoubts(run.report.warnings)
  for (let number = 1; number <= REFERENCE_TRIALS; number++) {
    if (run.report.capacity)
      rates.push((await capacityTrial(run, arm, number, doubts)).achievedPerSecond)
    if (load.offeredPerSecond === null) continue
    const times = trialTimes(durationSeconds)
    trials.push((await run.trial(arm, load.offeredPerSecond, number - 1, times)).trial)
    keepReference(run, arm, load.label, rates, trials)
  }
  keepReference(run, arm, load.label, rates, trials)
}

/** Puts what is measured so far into the report, so that an interruption loses nothing of it. */
function keepReference(
  run: RunState,
  arm: Arm,
  loadLabel: string,
  rates: readonly number[],
  trials: readonly Trial[],
): void {
  const p99s = trials
    .filter((trial) => trial.void === null && !trial.percentiles.p99.atLeast)
    .map((trial) => trial.percentiles.p99.ns)
  run.report.reference = {
    arm: { ...arm, options: { ...arm.options } },
    capacity: rates.length === 0 ? null : capacityOf(rates),
    loadLabel: trials.length === 0 ? null : loadLabel,
    p99: p99s.length === 0 ? null : spread(p99s, 'ns'),
    trials: [...trials],
  }
  run.save()
}
