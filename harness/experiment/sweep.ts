import type { Sweep } from '../results/sweep.ts'
import { warningsBefore } from './environment-warnings.ts'
import { PointTrials } from './points/point-trials.ts'
import { timerBoundWarning } from './points/timer-bound-warning.ts'
import { capacityValues, valueOrder } from './sweep-plan.ts'
import type { SweepHooks, SweepPart, SweepRequest } from './sweep-request.ts'
import { isCapacityNeeded, SweepState } from './sweep-state.ts'
import { watchMachine } from './watch-machine.ts'

/**
 * Measures both arms at every value of one parameter. `hooks.save` gets the result after every trial, so that one that
 * ends early has lost nothing: since rounds visit all values, it has fewer pairs everywhere. Then it says
 * `complete: false` and why.
 * @throws CrossoverError of kind `run` when a thread fails, an answer is wrong, or it is interrupted.
 */
export async function runSweep(request: SweepRequest, hooks: SweepHooks): Promise<Sweep> {
  const { cpus } = request
  const trials = await PointTrials.create(request, hooks.signal)
  const state = new SweepState(request, trials, hooks)
  const { sweep } = state
  const { environment, warnings } = sweep
  warnings.push(...warningsBefore(environment, cpus))
  if (trials.fileWarning !== null) warnings.push(trials.fileWarning)
  const watch = watchMachine({ environment, warnings, cpus, clock: trials.clock })
  try {
    await measureAll(state)
    // Like a run, one that its budget ended is done; a warning says what is missing.
    sweep.complete = true
  } catch (error) {
    sweep.ending = error instanceof Error ? error.message : String(error)
    throw error
  } finally {
    watch.end()
    trials.close()
    warnTimerBound(state)
    state.save()
  }
  return sweep
}

async function measureAll(state: SweepState): Promise<void> {
  const { range, pairs, capacityPairs } = state.request
  if (!(await measurePart(state, 'capacity', capacityValues(state.request), capacityPairs))) return
  state.chooseLoads()
  await measurePart(state, 'latency', range.values, pairs)
}

/** Rounds of all values, each in an order of its own. False when the budget was used up. */
async function measurePart(
  state: SweepState,
  part: SweepPart,
  values: readonly number[],
  of: number,
): Promise<boolean> {
  const { request } = state
  for (let round = 1; round <= of; round++) {
    for (const value of valueOrder(request.seed, part, round, values)) {
      if (!isCapacityNeeded(part, request, round) && state.secondsLeft() <= 0) {
        warnBudget(state, part, round - 1, of)
        return false
      }
      await state.measure({ part, round, of, value })
    }
  }
  return true
}

function warnTimerBound({ request, sweep }: SweepState): void {
  const consequence =
    request.metric === 'achievedPerSecond'
      ? 'latencies say nothing there, throughput does'
      : 'no winner is named there'
  const warning = timerBoundWarning(request.range, sweep.values, consequence)
  if (warning !== null) sweep.warnings.push(warning)
}

function warnBudget(state: SweepState, part: SweepPart, done: number, of: number): void {
  state.warn(
    'budget-used',
    `the time budget was used up: ${part} has ${done} whole rounds of ${of}`,
    'give a larger --budget, or fewer --steps or --pairs',
  )
}
