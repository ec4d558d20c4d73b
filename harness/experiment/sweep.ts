import type { Sweep } from '../results/sweep.ts'
import { emptySweep } from './empty-sweep.ts'
import { measurePoints } from './points/measure-points.ts'
import { timerBoundWarning } from './points/timer-bound-warning.ts'
import { SweepRounds } from './sweep-rounds.ts'
import type { SweepHooks, SweepRequest } from './sweep-request.ts'

/**
 * Measures both arms at every value of one parameter. `hooks.save` gets the result after every trial, so that one that
 * ends early has lost nothing: since rounds visit all values, it has fewer pairs everywhere. Then it says
 * `complete: false` and why.
 * @throws CrossoverError of kind `run` when a server fails, an answer is wrong, or it is interrupted.
 */
export async function runSweep(request: SweepRequest, hooks: SweepHooks): Promise<Sweep> {
  let sweep: Sweep | undefined
  await measurePoints({
    request,
    signal: hooks.signal,
    begin: (pinned, pacing) => {
      sweep = emptySweep(request, pinned)
      const plan = new SweepRounds(request, sweep, pacing, hooks)
      const { warnings, values } = sweep
      return {
        result: sweep,
        plan,
        save: () => plan.save(),
        conclude: () => {
          const warning = timerBoundWarning(request.range, values, consequenceOf(request))
          if (warning !== null) warnings.push(warning)
        },
      }
    },
  })
  return sweep!
}

function consequenceOf({ metric }: SweepRequest): string {
  return metric === 'achievedPerSecond'
    ? 'latencies say nothing there, throughput does'
    : 'no winner is named there'
}
