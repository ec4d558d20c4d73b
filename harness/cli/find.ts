import type { Command } from 'commander'
import { usageError } from '../base/errors.ts'
import { FIRST_PAIRS, FIRST_VALUES } from '../experiment/find/allocation.ts'
import { type FindRequest, isClosed, planFind } from '../experiment/find/plan.ts'
import { runFind } from '../experiment/find/find.ts'
import { parseUntil } from '../asked/quantities.ts'
import { parseRange } from '../asked/range.ts'
import type { Planned } from '../experiment/rounds/pacing.ts'
import { checkPoints } from '../experiment/points/contexts.ts'
import { crossingView } from '../render/find/view.ts'
import { crossingPredictionText, crossingSentence } from '../render/find/sentence.ts'
import type { CrossingSearch } from '../results/find.ts'
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
  withinOption,
} from './options.ts'
import { buildPoints, POINT_BUDGET_SECONDS, type PointFlags } from './point-flags.ts'
import { createFindProgress } from './progress/points.ts'
import type { MeasuringCommand } from './measuring.ts'

/** What commander makes of the flags of `crossover find`; absent where the scenario or a default decides. */
export interface FindFlags extends PointFlags {
  /** A share of the range: `10%` or `0.1`. */
  readonly until: string
  /** In all. */
  readonly pairs?: number
}

const MOST_PAIRS = 1_000

const NOTES = `
Two pairs at each of five values first, then rounds of five pairs where they tell most about where the ratio passes 1:
beside the crossing, at values between, and some at the ends. The crossing is that of a monotone fit through the values’
medians; its interval comes from resamples of the pairs. It is reported only when the resamples agree that there is one;
where the ratio goes up and down again, search one part of the range. A share of capacity refers to the smallest capacity
of either arm at both ends of the range and the default: all values are offered the same.

Exit codes: 0 done, whatever it found; 2 wrong usage; 3 interrupted or not completed: what was measured is kept.

Examples:
  crossover find hot-key --over theta
  crossover find queue-discipline --over load=10%..90% --virtual-cores 8
  crossover find kv-update --over load=5%..95% --metric p50 --until 5% --budget 600s
  crossover find kv-update --over keys=100..100000 --metric throughput --pairs 60 --json`

/** `crossover find`: the value of one parameter at which the winner changes. `args` is the command line. */
function addFindCommand(program: Command, args: readonly string[]): void {
  const declared = program
    .command('find')
    .description(
      'find where the winner changes over a range of one parameter, of the load, or of cores',
    )
    .argument('<scenario>', 'a name that `crossover list` prints, or the path of a scenario file')
    .addOption(
      overOption(
        'theta (its whole range), theta=0..1.2, load=10%..95%, cores=1..2 (default: the scenario’s first sweep)',
      ),
    )
    .addOption(loadOption('offered at every value', ' (default: 50%)'))
    .addOption(metricOption('what crosses; throughput is that of a closed window'))
    .addOption(withinOption())
    .addOption(classOption('latencies'))
    .option(
      '--until <share>',
      'of the range: an interval no wider than this ends the search',
      '10%',
    )
    .addOption(
      pairsOption(
        '--pairs',
        'pairs in all, at most (default: as many as the budget has room for)',
        MOST_PAIRS,
      ),
    )
    .addOption(budgetOption('start no pair after this time (default: 240s, none with --pairs)'))
    .addOption(durationOption('500ms'))
    .addOption(levelOption('the interval and of the answer'))
    .addOption(twoArmsOption())
  addPlaceOptions(declared, {
    seed: 'every trace, order and resample',
    out: 'where the search’s folder is made',
    virtualCores: '; when cores vary, the most of them',
  })
    .addHelpText('after', NOTES)
    .action(async (scenario: string, flags: FindFlags) => {
      await execute(findExecution, await buildFind(scenario, flags, args), flags)
    })
}

/** How a search is measured, and what is made of it. */
export const findExecution = {
  kind: 'search',
  runner: runFind,
  createProgress: createFindProgress,
  view: crossingView,
  summary: summaryOf,
} as const

/** What `--json` prints; the trials behind it are in `crossing.json`. */
function summaryOf(search: CrossingSearch): object {
  const { complete, end, arms, over, load, run, crossing } = search
  return {
    complete,
    end,
    sentence: crossingSentence(search),
    prediction: search.scenario.prediction,
    predictionText: crossingPredictionText(search),
    arms: arms.map((arm) => arm.label),
    over,
    metric: run.metric,
    requestClass: run.requestClass,
    load,
    crossing,
    values: search.values.map(({ value, offeredPerSecond, ratio, fitted }) => ({
      value,
      offeredPerSecond,
      ratio,
      fitted,
    })),
    markedTrials: search.markedTrials,
    warnings: search.warnings,
  }
}

/** Everything that decides what a search does, from its flags, the scenario's defaults and ours. */
export async function buildFind(
  scenario: string,
  flags: FindFlags,
  args: readonly string[],
): Promise<Planned<FindRequest>> {
  const points = await buildPoints(scenario, flags, args, (text, specs, mostCores) =>
    parseRange(text, FIRST_VALUES, specs, mostCores),
  )
  const { range } = points
  if (isClosed(points)) refuseOffered(range.subject, flags)
  const request: FindRequest = {
    ...points,
    until: parseUntil(flags.until),
    mostPairs: choosePairs(flags.pairs, range.values.length),
    budgetSeconds: budgetSeconds(flags, [flags.pairs], POINT_BUDGET_SECONDS),
  }
  await checkPoints(request, range.values)
  return { ...request, plan: planFind(request) }
}

/** A closed window offers no load. */
function refuseOffered(subject: string, { load }: FindFlags): void {
  if (subject !== 'load' && load === undefined) return
  throw usageError(
    'conflict',
    `throughput is that of a closed window, and ${subject === 'load' ? '--over varies' : '--load sets'} the load`,
    'leave out the load, or choose another --metric: at a load below saturation both arms answer what is offered',
  )
}

function choosePairs(asked: number | undefined, values: number): number | null {
  const needed = values * FIRST_PAIRS
  if (asked === undefined || asked >= needed) return asked ?? null
  throw usageError(
    'pairs',
    `--pairs ${asked}: the first round has ${needed}, ${FIRST_PAIRS} at each of ${values} values`,
    `--pairs ${needed} or more`,
  )
}

/** What `measuring.ts` finds. @public it is loaded by name */
export const command: MeasuringCommand = { add: addFindCommand, view: crossingView }
