import type { Command } from 'commander'
import { drawSeed } from '../base/random.ts'
import { runAblation } from '../experiment/ablate/ablate.ts'
import { defaultChain, parseChain } from '../experiment/ablate/chain.ts'
import { type AblationRequest, planAblation } from '../experiment/ablate/plan.ts'
import type { Planned } from '../experiment/rounds/pacing.ts'
import { loadScenario, whereOf } from '../scenario/load.ts'
import { parseCpus } from '../asked/cpus.ts'
import {
  chooseRepetitions,
  DEFAULT_REPETITIONS,
  parseLevel,
  parseRequestClass,
} from '../asked/quantities.ts'
import { parseSingleLoad } from '../asked/loads.ts'
import { parseAssignments } from '../asked/parameters.ts'
import { CAPACITY_TRIALS } from '../experiment/run/plan.ts'
import { refuseRouting } from '../scenario/rules.ts'
import { ablationView } from '../render/ablate/view.ts'
import { ablationSentence } from '../render/ablate/sentence.ts'
import type { Ablation } from '../results/ablate.ts'
import { commandLine } from './command-line.ts'
import { execute } from './execute.ts'
import {
  addPlaceOptions,
  classOption,
  budgetOption,
  budgetSeconds,
  durationOption,
  levelOption,
  loadOption,
  type MeasuringFlags,
  pairsOption,
} from './options.ts'
import { createAblationProgress } from './progress/points.ts'
import type { MeasuringCommand } from './measuring.ts'

/** What commander makes of the flags of `crossover ablate`. */
export interface AblateFlags extends MeasuringFlags {
  /** Arms as behind `--arms`, separated by commas. */
  readonly chain?: string
  /** `50%` or `200000/s`. */
  readonly load: string
  readonly rounds?: number
}

const DURATION_SECONDS = 0.4
/** Of the defaults, on a machine whose noise makes warm-ups longer. */
const BUDGET_SECONDS = 240

const NOTES = `
Each arm is compared with its predecessor, in rounds that run all arms on one trace in an order drawn at random: p50,
p99 and CPU per request at one absolute load, throughput with a closed window. The first and the last arm are also
measured alone: what the steps multiply to must agree with it. A ratio whose interval includes 1 is undecided.

Exit codes: 0 done; 2 wrong usage; 3 interrupted or not completed: what was measured is kept.

Examples:
  crossover ablate
  crossover ablate kv-update --load 200000/s --rounds 12 --duration 1s
  crossover ablate kv-update --level 0.99 --rounds 8 --json
  crossover ablate wake-up --chain staged:idle=park,staged:idle=spin-park,staged:idle=poll
  crossover ablate --chain staged,staged:layout=fused,sharded,sharded:routing=shard-aware`

/** `crossover ablate`: from one arm to another, one mechanism at a time. `args` is the command line. */
function addAblateCommand(program: Command, args: readonly string[]): void {
  const declared = program
    .command('ablate')
    .description(
      'take the way from staged to sharded one mechanism at a time, and say what each is worth',
    )
    .argument(
      '[scenario]',
      'a name that `crossover list` prints, or the path of a scenario file',
      'kv-update',
    )
    .option('--chain <arms>', 'arms of your own, at least two, each as behind --arms: arm,arm,…')
    .addOption(loadOption('where latencies are compared').default('50%'))
    .addOption(
      pairsOption(
        '--rounds',
        `rounds of all arms; an interval of 95% needs 6, of 99% 8 (default: ${DEFAULT_REPETITIONS})`,
      ),
    )
    .addOption(levelOption('the intervals'))
    .addOption(classOption('latencies'))
    .addOption(durationOption('400ms'))
    .addOption(
      budgetOption(
        'start no trial after this time (default: 240s, none with --chain, --rounds or --duration)',
      ),
    )
  addPlaceOptions(declared, {
    seed: 'every trace and order',
    out: 'where the ablation’s folder is made',
  })
    .addHelpText('after', () => chainText() + NOTES)
    .action(async (scenario: string, flags: AblateFlags) => {
      await execute(ablateExecution, await buildAblation(scenario, flags, args), flags)
    })
}

function chainText(): string {
  const { arms, steps } = defaultChain()
  const lines = steps.map(({ name }, step) => `  ${step + 1} ${name}`)
  return `\nThe chain, unless --chain gives another, from ${arms[0]?.label ?? ''}:\n${lines.join('\n')}\n`
}

/** How a ablation is measured, and what is made of it. */
export const ablateExecution = {
  kind: 'ablation',
  runner: runAblation,
  createProgress: createAblationProgress,
  view: ablationView,
  summary: summaryOf,
} as const

/** What `--json` prints; the trials behind it are in `ablation.json`. */
function summaryOf(ablation: Ablation): object {
  const { complete, arms, load, steps, mechanisms, product, endpoints, agreement } = ablation
  return {
    complete,
    sentence: ablationSentence(ablation),
    arms: arms.map((arm) => arm.label),
    requestClass: ablation.run.requestClass,
    load,
    steps,
    mechanisms,
    product,
    endpoints,
    agreement,
    markedTrials: ablation.markedTrials,
    warnings: ablation.warnings,
  }
}

/** Everything that decides what an ablation does, from its flags and the defaults. */
export async function buildAblation(
  scenario: string,
  flags: AblateFlags,
  args: readonly string[],
): Promise<Planned<AblationRequest>> {
  const chain = flags.chain === undefined ? defaultChain() : parseChain(flags.chain)
  const load = parseSingleLoad(flags.load)
  const level = parseLevel(flags.level)
  const rounds = chooseRepetitions('rounds', flags.rounds, level)
  const cpus = parseCpus(flags.cpus)
  const seed = flags.seed ?? drawSeed()
  const loaded = await loadScenario(scenario, parseAssignments(flags.param ?? [], '--param'))
  const workload = loaded.scenario.workload(loaded.params)
  // The default chain is measured all the same, with a warning.
  if (flags.chain !== undefined) refuseRouting(chain.arms, workload, whereOf(scenario))
  const request: AblationRequest = {
    loaded,
    chain,
    load,
    rounds,
    capacityRounds: CAPACITY_TRIALS,
    level,
    requestClass: parseRequestClass(flags.class, workload, null),
    durationSeconds: flags.duration ?? DURATION_SECONDS,
    budgetSeconds: budgetSeconds(
      flags,
      [flags.chain, flags.rounds, flags.duration],
      BUDGET_SECONDS,
    ),
    cpus,
    seed,
    command: commandLine(args, flags, seed),
  }
  return { ...request, plan: planAblation(request) }
}

/** What `measuring.ts` finds. @public it is loaded by name */
export const command: MeasuringCommand = { add: addAblateCommand, view: ablationView }
