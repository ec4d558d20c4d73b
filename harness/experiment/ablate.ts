import { runError } from '../base/errors.ts'
import type { Arm } from '../contract/architecture.ts'
import type { Ablation, ChainTrial } from '../results/ablation.ts'
import { ABLATION_CAPACITY_SECONDS, traceNumber } from './ablation-plan.ts'
import type {
  AblationHooks,
  AblationPart,
  AblationRequest,
  RoundPlace,
} from './ablation-request.ts'
import { AblationState, chainTrial } from './ablation-state.ts'
import { capacityWindow } from './capacity-window.ts'
import { warningsBefore } from './environment-warnings.ts'
import { unroutedArm } from './refuse-routing.ts'
import { createTrialContext } from './trial-context.ts'
import { chooseTimes } from './trial-plan.ts'
import { watchMachine } from './watch-machine.ts'

/**
 * Measures every arm of the chain against its predecessor, and its ends against each other. `hooks.save` gets the result
 * after every round, so that one that ends early has lost nothing; then it says `complete: false` and why.
 * @throws CrossoverError of kind `run` when a thread fails, an answer is wrong, or it is interrupted.
 */
export async function runAblation(
  request: AblationRequest,
  hooks: AblationHooks,
): Promise<Ablation> {
  const { loaded, cpus } = request
  const { arms } = request.chain
  const { signal } = hooks
  const context = createTrialContext({ loaded, arms, cpus, virtualCores: null, signal })
  const state = new AblationState(request, context, hooks)
  const { ablation } = state
  const { environment, warnings } = ablation
  warnings.push(...warningsBefore(environment, cpus))
  if (context.blockFile?.warning) warnings.push(context.blockFile.warning)
  warnRouting(state, unroutedArm(arms, context.workload))
  const watch = watchMachine({ environment, warnings, cpus, clock: context.clock })
  try {
    if (await measurePart(state, 'capacity')) await measurePart(state, 'latency')
    // Like a run, one that its budget ended is done; a warning says what is missing.
    ablation.complete = true
  } catch (error) {
    ablation.ending = error instanceof Error ? error.message : String(error)
    throw error
  } finally {
    watch.end()
    context.blockFile?.close()
    state.save()
  }
  return ablation
}

/**
 * Rounds of all arms, each followed by a pair of the ends on a trace of its own: both see the same drift of the machine.
 * False when the budget was used up.
 */
async function measurePart(state: AblationState, part: AblationPart): Promise<boolean> {
  const { request, ablation } = state
  const of = part === 'capacity' ? request.capacityRounds : request.rounds
  if (part === 'latency') ablation.load = { label: request.load.label, perSecond: offered(state) }
  for (let round = 1; round <= of; round++) {
    for (const group of ['rounds', 'ends'] as const) {
      const whole = await measureRound(state, { part, group, round, of })
      if (!whole) {
        warnBudget(state, part, round - 1, of)
        return false
      }
      state.save()
    }
  }
  return true
}

/** The same for all arms: a percentage is of the smallest capacity. */
function offered({ request, ablation }: AblationState): number {
  const { load } = request
  if (load.kind === 'absolute') return load.perSecond
  const capacities = ablation.arms.map((arm) => arm.figures.throughput?.value ?? 0)
  return (Math.min(...capacities) * load.percent) / 100
}

/** False when the budget is used up. */
async function measureRound(state: AblationState, place: RoundPlace): Promise<boolean> {
  const { chain } = state.request
  // Without capacities there is no load.
  const isNeeded = place.part === 'capacity' && place.group === 'rounds' && place.round === 1
  if (!isNeeded && state.secondsLeft() <= 0) return false
  const { order, trials } = state.begin(place)
  for (const arm of order) {
    if (!isNeeded && state.secondsLeft() <= 0) return false
    state.tell(place, arm, null)
    const trial = await measureTrial(state, place, chain.arms[arm]!, arm)
    trials.push(trial)
    requireSound(trial, place, chain.arms[arm]!)
    state.tell(place, arm, trial)
  }
  return true
}

async function measureTrial(
  { series, context, request, ablation }: AblationState,
  { part, group, round }: RoundPlace,
  arm: Arm,
  index: number,
): Promise<ChainTrial> {
  const number = traceNumber(part, group, round - 1)
  if (part === 'latency') {
    const times = chooseTimes('load', request.durationSeconds, request.answersOnly)
    const { trial } = await series.trial(arm, ablation.load!.perSecond, number, times)
    return chainTrial(trial, index)
  }
  const options = { ...arm.options, permits: capacityWindow(context, arm) }
  const times = chooseTimes('capacity', ABLATION_CAPACITY_SECONDS, request.answersOnly)
  const { trial } = await series.trial({ ...arm, options }, null, number, times)
  return chainTrial(trial, index)
}

function requireSound(trial: ChainTrial, { part, round }: RoundPlace, { label }: Arm): void {
  const where = `arm=${label} ${part} round=${round}`
  if (trial.void !== null) throw runError('void', `void: ${where}: ${trial.void}`)
  if (part === 'capacity' && trial.achievedPerSecond === 0)
    throw runError('no-capacity', `no request was answered: ${where}`)
}

function warnRouting(state: AblationState, arm: Arm | undefined): void {
  if (arm === undefined) return
  state.warn(
    'routing',
    `${arm.label}: routing=shard-aware has no effect: workload has heavyClients, each of which stays with the port that it is connected to`,
    'read the step of shard-aware routing as noise, or give a --chain without it',
  )
}

function warnBudget(state: AblationState, part: AblationPart, done: number, of: number): void {
  state.warn(
    'budget-used',
    `the time budget was used up: ${part} has ${done} whole rounds of ${of}`,
    'give a larger --budget, or fewer --rounds, or a shorter --chain',
  )
}
