import { formatEstimate, formatPercent, formatTime, RATIO } from '../../words/format.ts'
import { NS_PER_SECOND } from '../../base/units.ts'
import type { Load } from '../../results/schema.ts'
import { backgroundGapText, timerBoundText } from '../../words/verdict.ts'
import { backgroundGap, timerBound } from '../timer-bound.ts'
import { offShares } from './round-capacities.ts'
import type { RunState } from './state.ts'

/** A parked server may use so much of a processor: less is what the kernel books on a process that is stopped. */
const PARKED_SHARE = 0.001

/** Doubts about what the trials of one load compare. */
export function warnAboutLoad(run: RunState, load: Load, isImprecise: boolean): void {
  const { comparisons, precision } = run.request
  for (const { first, second } of comparisons) {
    const late = timerBound(load, [first, second])
    if (late !== null)
      run.warn(
        'timer-bound',
        `${timerBoundText(late)}: load=${load.label}: the lateness of timers and of wake-ups is compared, not the servers`,
        'declare longer waits, lower the load, or use a machine without a hypervisor',
      )
    const gap = backgroundGap(load, [first, second])
    if (gap !== null)
      run.warn(
        'background-gap',
        `${backgroundGapText(gap, [first, second])}: load=${load.label}: one arm's latencies paid for more of it`,
        'lower the load, so that both can do what they are asked for',
      )
  }
  for (const { first, second, orderEffect } of load.comparisons) {
    if (orderEffect === null || (orderEffect.lower <= 1 && orderEffect.upper >= 1)) continue
    run.warn(
      'order-effect',
      `where ${second} ran first ${second} ÷ ${first} is larger by ${formatEstimate(orderEffect, RATIO)}: load=${load.label}: what ran before a trial is in it`,
      'look at the pairs one by one; with many loads one such may be chance',
    )
  }
  if (precision !== null && isImprecise)
    run.warn(
      'not-precise',
      `the interval did not reach ±${formatPercent(precision)} with ${load.sets.length} rounds: load=${load.label}`,
      'give a longer --duration, or use a quieter machine',
    )
}

/** Doubts about the rounds as a whole. */
export function warnAboutRounds(run: RunState): void {
  warnAboutParked(run)
  const { report } = run
  const notQuiet = report.rounds.flatMap(({ deployments }) =>
    Object.entries(deployments).filter(([, { quiet }]) => quiet === false),
  )
  if (notQuiet.length > 0) {
    const arms = [...new Set(notQuiet.map(([arm]) => arm))].join(', ')
    run.warn(
      'not-quiet',
      `compilers or collectors were still at work behind the warm-up in ${notQuiet.length} of ${count(report.rounds)} deployments: arms=${arms}`,
      'look at the gate runtime of their trials; use a quieter machine',
    )
  }
  for (const { label, share } of offShares(report))
    run.warn(
      'share-off',
      `load ${label} turned out to be ${formatPercent(share, 0)} of what the smallest arm sustained over all rounds`,
      'name loads per second: --loads 20000/s; or use a quieter machine',
    )
}

function count(rounds: RunState['report']['rounds']): number {
  return rounds.reduce((sum, { deployments }) => sum + Object.keys(deployments).length, 0)
}

/** A server that works while another one is measured takes of that one's processors. */
function warnAboutParked({ report, request, warn }: RunState): void {
  const trialSeconds = report.loads
    .flatMap((load) => load.sets.flatMap((set) => Object.values(set.trials)))
    .reduce((sum, trial) => sum + trial.steadySeconds, 0)
  for (const { label } of request.arms) {
    const seconds = report.rounds.reduce(
      (sum, { deployments }) => sum + (deployments[label]?.parkedSeconds ?? 0),
      0,
    )
    if (seconds <= PARKED_SHARE * trialSeconds) continue
    warn(
      'parked',
      `arm=${label} used ${formatTime(seconds * NS_PER_SECOND)} of processor time while others were measured`,
      'do not suspend the run (Ctrl-Z) or send its processes signals',
    )
  }
}
