import { runError } from '../base/errors.ts'
import { NS_PER_SECOND } from '../base/units.ts'
import type { Arm } from '../contract/architecture.ts'
import type { Estimate, Trial } from '../results/schema.ts'
import { capacityOf, overheadOf, spread } from './capacity.ts'
import { CapacityDoubts } from './capacity-doubts.ts'
import { capacityWindow } from './capacity-window.ts'
import { waitsOrReads } from './declared-work.ts'
import { measureInlineCeiling } from './inline-ceiling.ts'
import { CAPACITY_SECONDS, CAPACITY_TRIALS, INLINE_ROUNDS } from './plan.ts'
import { requestsInFlight } from './requests-in-flight.ts'
import { failedGate, type RunState } from './run-state.ts'
import { capacityTimes } from './trial-plan.ts'
import { CAPACITY_SEED } from './trial-series.ts'

/** Measures the capacity of both arms and the inline ceiling, and puts them into the report. */
export async function measureCapacity(run: RunState): Promise<void> {
  const { arms } = run.request
  const trials: Record<string, Trial[]> = {}
  const doubts = new CapacityDoubts(run.report.warnings)
  for (let number = 1; number <= CAPACITY_TRIALS; number++) {
    // Alternating order: the machine drifts.
    for (const arm of number % 2 === 1 ? arms : arms.toReversed()) {
      const event = {
        kind: 'capacity',
        arm: arm.label,
        round: number,
        of: CAPACITY_TRIALS,
      } as const
      run.tell({ ...event, perSecond: null })
      const trial = await capacityTrial(run, arm, number, doubts)
      trials[arm.label] = [...(trials[arm.label] ?? []), trial]
      run.tell({ ...event, perSecond: trial.achievedPerSecond })
    }
    keepCapacity(run, trials, null)
  }
  const { cores, loaded, transport } = run.context
  // Plain calls that wait are no ceiling of a server whose threads wait side by side, and calls without a socket none of
  // a server that has them.
  if (transport.kind === 'http' || waitsOrReads(loaded.scenario.stages(loaded.params))) return
  const trace = run.trace('random', CAPACITY_SEED).ports[0]!
  const inline = await measureInlineCeiling(run.context, trace, INLINE_ROUNDS)
  const inlineCeiling = spread(
    inline.map((perSecond) => perSecond * cores.length),
    'requests/s',
  )
  keepCapacity(run, trials, inlineCeiling)
}

/** Puts what is measured so far into the report, so that an interruption loses nothing of it. */
function keepCapacity(
  run: RunState,
  trials: Readonly<Record<string, readonly Trial[]>>,
  inlineCeiling: Estimate | null,
): void {
  const { arms } = run.request
  const { cores } = run.context
  const capacities = arms.map(
    ({ label }) =>
      [label, capacityOf(trials[label]!.map((trial) => trial.achievedPerSecond))] as const,
  )
  const costs = arms.flatMap(({ label }) => {
    const cost = cpuPerRequest(trials[label]!)
    return cost === null ? [] : [[label, cost] as const]
  })
  run.report.capacity = {
    windowPerPort: requestsInFlight(capacityWindow(run.context, arms[0]!), run.context.workload),
    sustained: {},
    sustainedRatios: run.request.comparisons.map(() => null),
    saturated: Object.fromEntries(capacities),
    inlineCeiling,
    overheadNs: Object.fromEntries(
      capacities.flatMap(([label, capacity]) =>
        inlineCeiling === null ? [] : [[label, overheadOf(capacity, inlineCeiling, cores.length)]],
      ),
    ),
    cpuPerRequestNs: Object.fromEntries(costs),
  }
  run.save()
}

/** One trial with a closed window; a gate that it failed is added to the doubts. @throws when an answer is wrong. */
async function capacityTrial(
  run: RunState,
  arm: Arm,
  number: number,
  doubts: CapacityDoubts,
): Promise<Trial> {
  // Over real sockets the connections bound the window, not the permits.
  const isHttp = run.context.transport.kind === 'http'
  const options = isHttp
    ? arm.options
    : { ...arm.options, permits: capacityWindow(run.context, arm) }
  const times = capacityTimes(CAPACITY_SECONDS)
  const { trial } = await run.trial({ ...arm, options }, null, CAPACITY_SEED - number, times)
  if (trial.void !== null)
    throw runError('void', `void: arm=${arm.label} at capacity: ${trial.void}`)
  if (trial.achievedPerSecond === 0)
    throw runError('no-capacity', `no request was answered: arm=${arm.label} at capacity`)
  const gate = failedGate(trial)
  if (gate !== undefined) doubts.add(gate, arm.label)
  return trial
}

function cpuPerRequest(trials: readonly Trial[]): Estimate | null {
  const seconds = trials.map((trial) => trial.counters.cpuSecondsPerRequest)
  if (seconds.some((value) => value === null)) return null
  return spread(
    seconds.map((value) => value! * NS_PER_SECOND),
    'ns',
  )
}
