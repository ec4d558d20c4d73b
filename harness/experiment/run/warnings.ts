import { NS_PER_SECOND } from '../../base/units.ts'
import { bandFor, loadMachine, MACHINE_FILE } from '../../results/machine.ts'
import type { Load, Report } from '../../results/schema.ts'
import { SMALLEST_RATIO } from '../../stats/verdict.ts'
import { warningsBefore } from '../../trial/watch-machine.ts'
import { counted, formatEstimate, formatPercent, formatTime, RATIO } from '../../words/format.ts'
import { backgroundGapText, timerBoundText } from '../../words/verdict.ts'
import { backgroundGap, timerBound } from '../timer-bound.ts'
import type { RequestLog } from '../../workload/request-log.ts'
import { duePerTrial } from './plan.ts'
import type { RunRequest } from './request.ts'
import { offShares } from './round-capacities.ts'
import type { RunState } from './state.ts'
import { join } from 'node:path'

/** A parked server may use so much of a processor: less is what the kernel books on a process that is stopped. */
const PARKED_SHARE = 0.001

/** A percentile of fewer requests says little: of p99 ten are behind it. */
const FEWEST_REQUESTS = 1_000

/** Of the requests that have the instant of the one before: more is a clock with steps. */
const LARGEST_SIMULTANEOUS_SHARE = 0.2

/** Doubts about a log: what of it was left out, what its clock makes of it, how little of it a trial plays; none where requests are drawn. */
export function traceWarnings(
  request: Pick<
    RunRequest,
    'loaded' | 'loads' | 'objective' | 'durationSeconds' | 'rounds' | 'seed'
  >,
): Report['warnings'] {
  const { loaded, loads, objective } = request
  const { log } = loaded
  if (log === undefined) return []
  const few = loads.flatMap((load) => {
    if (load.kind !== 'absolute' || objective !== null) return []
    const [fewest] = duePerTrial(request, load)
    if (fewest >= FEWEST_REQUESTS) return []
    return {
      code: 'few-requests',
      message: `a trial plays no more than ${counted(fewest, 'request')} of the log in one of the rounds, too few for its tail: load=${load.label}`,
      cure: 'play it longer, e.g. --duration 10s, or faster, e.g. --loads 50%',
    }
  })
  return [...clockWarnings(log), ...few]
}

function clockWarnings({
  notes,
  file,
  simultaneousShare,
  isSpread,
}: RequestLog): Report['warnings'] {
  const read = {
    code: 'trace-read',
    message: `${notes.join('; ')} (in ${file})`,
    cure: 'mend the log where more should be played',
  }
  const steps = {
    code: 'trace-clock',
    message: `${formatPercent(simultaneousShare, 0)} of the requests of ${file} have the instant of the one before: they are played as bursts, which may be the log's clock and not its clients`,
    cure: 'add --trace-spread, which spreads them evenly up to the next instant, or log finer instants',
  }
  return [
    ...(notes.length > 0 ? [read] : []),
    ...(simultaneousShare > LARGEST_SIMULTANEOUS_SHARE && !isSpread ? [steps] : []),
  ]
}

/** Doubts that are known before the first trial, and the machine's band. */
export function warnBefore(run: RunState): void {
  const { report, request } = run
  report.warnings.push(...warningsBefore(report.environment, request.cpus))
  report.warnings.push(...traceWarnings(request))
  if (!report.environment.pinned) {
    run.warn(
      'unpinned',
      'threads are not pinned to processors: sharded runs without one of its mechanisms',
      'run on Linux with the optional package koffi installed, and outside of a sandbox that forbids sched_setaffinity',
    )
  }
  if (run.context.workload.background?.priorities === true && process.platform !== 'linux') {
    run.warn(
      'no-priorities',
      'threads cannot be ranked here: background work of the staged arm runs beside the requests, not behind them',
      'run on Linux, or take the priorities out of the workload',
    )
  }
  // A search has no verdicts.
  if (request.objective === null) warnOfBand(run)
  const warning = run.context.blockFile?.warning
  if (warning) report.warnings.push(warning)
}

/** Takes the band of this machine for the run, or says why there is none. */
function warnOfBand(run: RunState): void {
  const { report, request } = run
  const machine = loadMachine(request.machineFolder)
  if (machine === null) {
    report.bandNote =
      'no A/A band of this machine: run `npx crossover validate` once, about 35 minutes'
    return
  }
  const wanted = {
    ...request,
    scenario: report.scenario.name,
    loads: request.loads.map((load) => load.label),
  }
  const path = join(request.machineFolder, MACHINE_FILE)
  const { band, why, stale } = bandFor(machine, report.environment, wanted, path)
  report.band = band
  if (band === null) {
    report.bandNote = `the machine's A/A band does not cover this run (${why}): judged by ${SMALLEST_RATIO}`
  }
  if (stale) {
    run.warn(
      'no-band',
      `the machine's A/A band does not fit this run: ${why}`,
      'run `npx crossover validate` to measure it anew, about 35 minutes',
    )
  }
}

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
