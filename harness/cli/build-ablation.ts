import { drawSeed } from '../base/random.ts'
import { defaultChain, parseChain } from '../experiment/ablation-chain.ts'
import type { AblationRequest } from '../experiment/ablation-request.ts'
import { loadScenario, whereOf } from '../experiment/load-scenario.ts'
import { parseCpus } from '../experiment/parse-cpus.ts'
import { parseLevel } from '../experiment/parse-level.ts'
import { parseSingleLoad } from '../experiment/parse-loads.ts'
import { parseAssignments } from '../experiment/parse-parameters.ts'
import { chooseRounds } from '../experiment/parse-rounds.ts'
import { CAPACITY_TRIALS } from '../experiment/plan.ts'
import { refuseRouting } from '../experiment/refuse-routing.ts'
import type { AblateFlags } from './ablate-flags.ts'
import { commandLine } from './command-line.ts'

const DURATION_SECONDS = 0.4
/** Of the defaults, on a machine whose noise makes warm-ups longer. */
const BUDGET_SECONDS = 240

/** Everything that decides what an ablation does, from its flags and the defaults. */
export async function buildAblation(
  scenario: string,
  flags: AblateFlags,
  args: readonly string[],
): Promise<AblationRequest> {
  const chain = flags.chain === undefined ? defaultChain() : parseChain(flags.chain)
  const load = parseSingleLoad(flags.load)
  const level = parseLevel(flags.level)
  const rounds = chooseRounds(flags.rounds, level)
  const cpus = parseCpus(flags.cpus)
  const seed = flags.seed ?? drawSeed()
  const loaded = await loadScenario(scenario, parseAssignments(flags.param ?? [], '--param'))
  // The default chain is measured all the same, with a warning.
  if (flags.chain !== undefined) {
    refuseRouting(chain.arms, loaded.scenario.workload(loaded.params), whereOf(scenario))
  }
  return {
    loaded,
    chain,
    load,
    rounds,
    capacityRounds: CAPACITY_TRIALS,
    level,
    durationSeconds: flags.duration ?? DURATION_SECONDS,
    budgetSeconds: flags.budget ?? (saysHowMuch(flags) ? null : BUDGET_SECONDS),
    cpus,
    seed,
    command: commandLine(args, flags, seed),
  }
}

/** Whether the user said how much to measure: then it is measured, however long it takes. */
function saysHowMuch({ chain, rounds, duration }: AblateFlags): boolean {
  return [chain, rounds, duration].some((flag) => flag !== undefined)
}
