import type { Command } from 'commander'
import { usageError } from '../base/errors.ts'
import type { ParameterSpecs } from '../contract/scenario.ts'
import { chooseRepetitions, DEFAULT_REPETITIONS } from '../asked/quantities.ts'
import { CAPACITY_TRIALS } from '../experiment/run/plan.ts'
import { type ParameterRange, parseRange } from '../asked/range.ts'
import { checkPoints } from '../experiment/points/contexts.ts'
import type { Planned } from '../experiment/rounds/pacing.ts'
import { planSweep, type SweepRequest } from '../experiment/sweep/plan.ts'
import { runSweep } from '../experiment/sweep/sweep.ts'
import { sweepView } from '../render/sweep/view.ts'
import { sweepPredictionText, sweepSentence } from '../render/sweep/sentence.ts'
import type { Sweep } from '../results/sweep.ts'
import { execute } from './execute.ts'
import {
  addPlaceOptions,
  budgetOption,
  budgetSeconds,
  durationOption,
  levelOption,
  loadOption,
  classOption,
  metricOption,
  overOption,
  pairsOption,
  twoArmsOption,
  wholeNumber,
  withinOption,
} from './options.ts'
import { buildPoints, POINT_BUDGET_SECONDS, type PointFlags } from './point-flags.ts'
import { createSweepProgress } from './progress/points.ts'
import type { MeasuringCommand } from './measuring.ts'

/** What commander makes of the flags of `crossover sweep`; absent where the scenario or a default decides. */
export interface SweepFlags extends PointFlags {
  readonly steps?: number
  /** At each value. */
  readonly pairs?: number
  readonly throughput?: true
}

const STEPS = 7
/** So few integers are all visited where the user does not say how many. */
const MOST_WHOLE = 8
const MOST_STEPS = 100

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
function addSweepCommand(program: Command, args: readonly string[]): void {
  const declared = program
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
    .addOption(withinOption())
    .addOption(classOption('latencies'))
    .addOption(levelOption('the intervals'))
    .option('--throughput', 'measure the capacity at every value, too')
    .addOption(twoArmsOption())
    .addOption(
      budgetOption(
        'start no pair after this time (default: 240s, none with --steps, --pairs or --duration)',
      ),
    )
  addPlaceOptions(declared, {
    seed: 'every trace and order',
    out: 'where the sweep’s folder is made',
    virtualCores: '; when cores vary, the most of them',
  })
    .addHelpText('after', NOTES)
    .action(async (scenario: string, flags: SweepFlags) => {
      await execute(sweepExecution, await buildSweep(scenario, flags, args), flags)
    })
}

/** How a sweep is measured, and what is made of it. */
export const sweepExecution = {
  kind: 'sweep',
  runner: runSweep,
  createProgress: createSweepProgress,
  view: sweepView,
  summary: summaryOf,
} as const

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
    requestClass: run.requestClass,
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
): Promise<Planned<SweepRequest>> {
  const points = await buildPoints(scenario, flags, args, (...of) => rangeOf(flags, ...of))
  const { range, metric, level } = points
  const isOnThroughput = metric === 'achievedPerSecond'
  const asksForThroughput = flags.throughput === true || isOnThroughput
  if (range.subject === 'load' && asksForThroughput) {
    throw usageError(
      'conflict',
      'throughput at capacity does not depend on the load, and --over varies the load',
      'leave out --throughput and --metric throughput, or vary something else',
    )
  }
  const pairs = chooseRepetitions('pairs', flags.pairs, level)
  const request: SweepRequest = {
    ...points,
    pairs,
    throughput: asksForThroughput || range.subject === 'cores',
    // An outcome on throughput needs as many pairs as one on latency.
    capacityPairs: isOnThroughput ? pairs : CAPACITY_TRIALS,
    budgetSeconds: budgetSeconds(
      flags,
      [flags.steps, flags.pairs, flags.duration],
      POINT_BUDGET_SECONDS,
    ),
  }
  await checkPoints(request, range.values)
  return { ...request, plan: planSweep(request) }
}

function rangeOf(
  { steps }: SweepFlags,
  text: string,
  specs: ParameterSpecs,
  mostCores: number,
): ParameterRange {
  const range = parseRange(text, steps ?? STEPS, specs, mostCores)
  const integers = range.to - range.from + 1
  const isShort = range.integer && integers <= MOST_WHOLE && steps === undefined
  return isShort ? parseRange(text, integers, specs, mostCores) : range
}

/** What `measuring.ts` finds. @public it is loaded by name */
export const command: MeasuringCommand = { add: addSweepCommand, view: sweepView }
