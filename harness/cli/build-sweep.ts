import { usageError } from '../base/errors.ts'
import { drawSeed } from '../base/random.ts'
import type { ParameterSpecs } from '../contract/scenario.ts'
import { loadScenario } from '../experiment/load-scenario.ts'
import { parseTwoArms, TWO_DEFAULT_ARMS } from '../experiment/parse-arms.ts'
import { parseLevel } from '../experiment/parse-level.ts'
import { parseSingleLoad } from '../experiment/parse-loads.ts'
import { parseMetric } from '../experiment/parse-metric.ts'
import { parseAssignments } from '../experiment/parse-parameters.ts'
import { CAPACITY_TRIALS } from '../experiment/plan.ts'
import { type ParameterRange, parseRange } from '../experiment/points/parameter-range.ts'
import { checkPoints } from '../experiment/points/point-contexts.ts'
import type { LoadedScenario } from '../experiment/run-request.ts'
import { chooseSweepPairs } from '../experiment/sweep-pairs.ts'
import type { SweepRequest } from '../experiment/sweep-request.ts'
import { commandLine } from './command-line.ts'
import { coresOf, overText, refuseFixed, refuseLoad } from './point-flags.ts'
import type { SweepFlags } from './sweep-flags.ts'

const LOAD = '50%'
const METRIC = 'p99'
const STEPS = 7
/** So few integers are all visited where the user does not say how many. */
const MOST_WHOLE = 8
const DURATION_SECONDS = 0.5
/** Of the defaults, on a machine whose noise makes warm-ups longer. */
const BUDGET_SECONDS = 240

/** Everything that decides what a sweep does, from its flags, the scenario's defaults and ours. */
export async function buildSweep(
  scenario: string,
  flags: SweepFlags,
  args: readonly string[],
): Promise<SweepRequest> {
  const fixed = parseAssignments(flags.param ?? [], '--param')
  const loaded = await loadScenario(scenario, fixed)
  const { params, defaults = {} } = loaded.scenario
  const cores = coresOf(loaded, flags)
  const range = rangeOf(loaded, flags, params, cores.virtualCores ?? cores.cpus.length)
  refuseFixed(range, fixed)
  const metric = parseMetric(flags.metric ?? defaults.metric ?? METRIC)
  refuseConflicts(range, flags, metric === 'achievedPerSecond')
  const level = parseLevel(flags.level)
  const pairs = chooseSweepPairs(flags.pairs, level)
  const seed = flags.seed ?? drawSeed()
  const request: SweepRequest = {
    scenario,
    fixed,
    loaded,
    arms: parseTwoArms(flags.arms ?? defaults.arms ?? TWO_DEFAULT_ARMS),
    range,
    load: parseSingleLoad(flags.load ?? LOAD),
    pairs,
    metric,
    level,
    throughput:
      flags.throughput === true || range.subject === 'cores' || metric === 'achievedPerSecond',
    // An outcome on throughput needs as many pairs as one on latency.
    capacityPairs: metric === 'achievedPerSecond' ? pairs : CAPACITY_TRIALS,
    durationSeconds: flags.duration ?? DURATION_SECONDS,
    budgetSeconds: flags.budget ?? (saysHowMuch(flags) ? null : BUDGET_SECONDS),
    ...cores,
    seed,
    command: commandLine(args, flags, seed),
  }
  await checkPoints(request, range.values)
  return request
}

function rangeOf(
  loaded: LoadedScenario,
  flags: SweepFlags,
  specs: ParameterSpecs,
  mostCores: number,
): ParameterRange {
  const text = overText(loaded, flags)
  const range = parseRange(text, flags.steps ?? STEPS, specs, mostCores)
  const integers = range.to - range.from + 1
  const isShort = range.integer && integers <= MOST_WHOLE && flags.steps === undefined
  return isShort ? parseRange(text, integers, specs, mostCores) : range
}

/** When the load varies, it has no other; and capacity is the same at all loads. */
function refuseConflicts(range: ParameterRange, flags: SweepFlags, isOnThroughput: boolean): void {
  refuseLoad(range, flags)
  if (range.subject !== 'load') return
  if (flags.throughput === true || isOnThroughput) {
    throw usageError(
      'conflict',
      'throughput at capacity does not depend on the load, and --over varies the load',
      'leave out --throughput and --metric throughput, or vary something else',
    )
  }
}

/** Whether the user said how much to measure: then it is measured, however long it takes. */
function saysHowMuch({ steps, pairs, duration }: SweepFlags): boolean {
  return [steps, pairs, duration].some((flag) => flag !== undefined)
}
