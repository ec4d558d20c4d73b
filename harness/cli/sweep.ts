import type { Command } from 'commander'
import { usageError } from '../base/errors.ts'
import { drawSeed } from '../base/random.ts'
import type { ParameterSpecs } from '../contract/scenario.ts'
import { loadScenario } from '../scenario/load.ts'
import { parseTwoArms, TWO_DEFAULT_ARMS } from '../asked/arms.ts'
import {
  chooseRepetitions,
  DEFAULT_REPETITIONS,
  parseLevel,
  parseMetric,
} from '../asked/quantities.ts'
import { parseSingleLoad } from '../asked/loads.ts'
import { parseAssignments } from '../asked/parameters.ts'
import { CAPACITY_TRIALS } from '../experiment/run/plan.ts'
import { type ParameterRange, parseRange } from '../asked/range.ts'
import { checkPoints } from '../experiment/points/contexts.ts'
import type { LoadedScenario } from '../asked/requests.ts'
import { planSweep, type SweepHooks, type SweepRequest } from '../experiment/sweep/plan.ts'
import { runSweep } from '../experiment/sweep/sweep.ts'
import { renderSweep, renderSweepPage } from '../render/sweep/view.ts'
import { sweepPredictionText, sweepSentence } from '../render/sweep/sentence.ts'
import type { Sweep } from '../results/sweep.ts'
import { commandLine } from './command-line.ts'
import { execute } from './execute.ts'
import {
  budgetOption,
  cpusOption,
  durationOption,
  jsonOption,
  levelOption,
  loadOption,
  metricOption,
  outOption,
  overOption,
  pairsOption,
  paramOption,
  seedOption,
  twoArmsOption,
  virtualCoresOption,
  wholeNumber,
} from './options.ts'
import { coresOf, overText, type PointFlags, refuseFixed, refuseLoad } from './point-flags.ts'
import { createSweepProgress } from './progress/points.ts'

/** What commander makes of the flags of `crossover sweep`; absent where the scenario or a default decides. */
export interface SweepFlags extends PointFlags {
  readonly steps?: number
  /** At each value. */
  readonly pairs?: number
  readonly throughput?: true
}

/** What measures: `runSweep`, or a test's stand-in. */
export type SweepRunner = (request: SweepRequest, hooks: SweepHooks) => Promise<Sweep>

const LOAD = '50%'
const METRIC = 'p99'
const STEPS = 7
/** So few integers are all visited where the user does not say how many. */
const MOST_WHOLE = 8
const MOST_STEPS = 100
const DURATION_SECONDS = 0.5
/** Of the defaults, on a machine whose noise makes warm-ups longer. */
const BUDGET_SECONDS = 240

const NOTES = `
Every round visits all values once, in an order drawn at random, with both arms on one trace at each: a machine that
drifts makes no slope, and what ends early has fewer pairs everywhere. A share of capacity refers to the smallest
capacity of either arm at both ends of the range and the default: all values are offered the same. When cores vary, so
much is offered per core, and capacity is measured at every value.

Exit codes: 0 done; 2 wrong usage; 3 interrupted or not completed: what was measured is kept.

Examples:
  crossover sweep kv-update --over load=10%..95%
  crossover sweep stage-handoff --over stages=1..8 --load 2000/s
  crossover sweep kv-update --over cores=1..2
  crossover sweep kv-update --over updatePercent=0..100 --steps 5 --throughput --json`

/** `crossover sweep`: latency and throughput as functions of one parameter. `args` is the command line. */
export function addSweepCommand(program: Command, args: readonly string[]): void {
  program
    .command('sweep')
    .description('compare two arms over a range of one parameter, of the load, or of cores')
    .argument('<scenario>', 'a name that `crossover list` prints, or the path of a scenario file')
    .addOption(
      overOption(
        'theta=0..1.2, load=10%..95%, load=1k/s..200k/s, cores=1..2 (default: the scenario’s first)',
      ),
    )
    .option(
      '--steps <count>',
      'values, both ends included (default: 7; integers: all, up to 8)',
      wholeNumber('--steps', { minimum: 2, maximum: MOST_STEPS }),
    )
    .addOption(loadOption('offered at every value', ' (default: 50%)'))
    .addOption(
      pairsOption(
        '--pairs',
        `pairs at each value; an interval of 95% needs 6, of 99% 8 (default: ${DEFAULT_REPETITIONS})`,
      ),
    )
    .addOption(durationOption('500ms'))
    .addOption(metricOption('what outcomes are about'))
    .addOption(levelOption('the intervals'))
    .option('--throughput', 'measure the capacity at every value, too')
    .addOption(twoArmsOption())
    .addOption(
      budgetOption(
        'start no pair after this time (default: 240s, none with --steps, --pairs or --duration)',
      ),
    )
    .addOption(paramOption())
    .addOption(cpusOption())
    .addOption(virtualCoresOption('; when cores vary, the most of them'))
    .addOption(seedOption('every trace and order'))
    .addOption(outOption('where the sweep’s folder is made'))
    .addOption(jsonOption())
    .addHelpText('after', NOTES)
    .action(async (scenario: string, flags: SweepFlags) => {
      await executeSweep(await buildSweep(scenario, flags, args), flags)
    })
}

/** Runs the sweep, keeps what it found whatever happens, and prints it. @throws when it is partial. */
export async function executeSweep(
  request: SweepRequest,
  flags: SweepFlags,
  runner: SweepRunner = runSweep,
): Promise<void> {
  const progress = createSweepProgress(process.stderr)
  await execute<Sweep>({
    kind: 'sweep',
    subject: 'the sweep',
    flags,
    scenario: request.loaded.scenario.name,
    plan: planSweep(request).lines,
    progress,
    measure: (hooks) => runner(request, { ...hooks, onEvent: progress.onEvent }),
    page: renderSweepPage,
    text: renderSweep,
    summary: summaryOf,
  })
}

/** What `--json` prints; the trials behind it are in `sweep.json`. */
function summaryOf(sweep: Sweep): object {
  const { complete, arms, over, load, run, scaling, slopes } = sweep
  return {
    complete,
    sentence: sweepSentence(sweep),
    prediction: sweep.scenario.prediction,
    predictionOutcome: sweep.predictionOutcome,
    predictionText: sweepPredictionText(sweep),
    arms: arms.map((arm) => arm.label),
    over,
    metric: run.metric,
    load,
    values: sweep.values.map((value) => ({ ...value, pairs: value.pairs.length })),
    scaling,
    slopes,
    markedTrials: sweep.markedTrials,
    warnings: sweep.warnings,
  }
}

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
  const pairs = chooseRepetitions('pairs', flags.pairs, level)
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
