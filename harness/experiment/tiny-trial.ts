import { runError } from '../base/errors.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../base/units.ts'
import type { Arm } from '../contract/architecture.ts'
import type { Trial } from '../results/schema.ts'
import { bearableLoad } from './bearable-load.ts'
import type { TrialContext } from './run-trial.ts'
import { trialTimes } from './trial-plan.ts'
import type { TrialSeries } from './trial-series.ts'

const STEADY_SECONDS = 0.2
/** The steady state is as much longer as it takes to have so many. */
const FEWEST_REQUESTS = 20

/**
 * A trial of about half a second, for its answers alone: at a load at which any machine keeps up, so that every request
 * that is due must be answered. Its figures mean nothing.
 * @throws CrossoverError of kind `run` when a thread fails, an answer is wrong, or requests were not answered.
 */
export async function tinyTrial(
  context: TrialContext,
  series: TrialSeries,
  arm: Arm,
): Promise<Trial> {
  const { loaded, workload, cores } = context
  const stages = loaded.scenario.stages(loaded.params)
  const { perSecond } = bearableLoad(stages, workload, cores.length)
  const steadySeconds = Math.max(STEADY_SECONDS, FEWEST_REQUESTS / perSecond)
  const times = {
    ...trialTimes(steadySeconds),
    rehearsalAfterNs: 50 * NS_PER_MS,
    leastWarmUpNs: 150 * NS_PER_MS,
    longestWarmUpNs: 150 * NS_PER_MS,
    longestDrainNs: 10 * NS_PER_SECOND,
  }
  const { trial } = await series.trial(arm, perSecond, 0, times)
  const where = `scenario=${loaded.scenario.name} arm=${arm.label}`
  if (trial.void !== null) {
    throw runError(
      'void',
      `answers are wrong: ${where}: ${trial.void}`,
      'mend run and verify: scenarios/README.md says how answers are checked',
    )
  }
  const { due, completed } = trial.counts
  if (completed === due && due > 0) return trial
  throw runError(
    'unanswered',
    `of ${due} requests ${completed} were answered: ${where}`,
    'declare the work and waits of each stage (burn, wait), or let the machine rest and try again',
  )
}
