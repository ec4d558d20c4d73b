import { drawSeed } from '../base/random.ts'
import type { Arm } from '../contract/architecture.ts'
import { loadScenario } from '../experiment/load-scenario.ts'
import { parseArms, referenceArm } from '../experiment/parse-arms.ts'
import type { ArmShorthands } from '../experiment/parse-arms.ts'
import { parseCpus } from '../experiment/parse-cpus.ts'
import { parseLoads } from '../experiment/parse-loads.ts'
import { parseAssignments } from '../experiment/parse-parameters.ts'
import { findProfile } from '../experiment/profiles.ts'
import type { RunRequest } from '../experiment/run-request.ts'
import type { RunFlags } from './run-flags.ts'

const DEFAULT_ARMS = 'staged,sharded'

/** Everything that decides what a run does, from its flags, the profile behind them and the defaults. */
export async function buildRequest(
  scenario: string,
  flags: RunFlags,
  args: readonly string[],
): Promise<RunRequest> {
  const profile = findProfile(flags.profile)
  const shorthands = shorthandsOf(flags)
  const arms = parseArms(flags.arms ?? DEFAULT_ARMS, shorthands)
  const loads = parseLoads(flags.loads ?? profile.loads)
  const cpus = parseCpus(flags.cpus)
  const seed = flags.seed ?? drawSeed()
  return {
    loaded: await loadScenario(scenario, parseAssignments(flags.param ?? [], '--param')),
    arms,
    loads,
    pairs: flags.pairs ?? profile.pairs,
    durationSeconds: flags.duration ?? profile.durationSeconds,
    budgetSeconds: flags.budget ?? (saysHowMuch(flags) ? null : profile.budgetSeconds),
    cpus,
    seed,
    profile: profile.name,
    reference: reference(flags, arms, shorthands),
    command: commandLine(args, flags, seed),
  }
}

/** Whether the user said how much to measure: then it is measured, however long it takes. */
function saysHowMuch(flags: RunFlags): boolean {
  return [flags.pairs, flags.loads, flags.duration].some((flag) => flag !== undefined)
}

function shorthandsOf(flags: RunFlags): ArmShorthands {
  return {
    both: given({ idle: flags.idle, permits: flags.permits }),
    staged: given({ layout: flags.stagedLayout, inline: flags.stagedInline }),
  }
}

function given(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

/** The fused layout stands beside the default arms only: who names arms has chosen what to compare. */
function reference(
  flags: RunFlags,
  [first]: readonly Arm[],
  shorthands: ArmShorthands,
): Arm | null {
  const isWanted =
    flags.reference && flags.arms === undefined && first?.options['layout'] !== 'fused'
  return isWanted ? referenceArm(shorthands.both) : null
}

/** The command line that repeats the run, with the seed that was drawn. */
function commandLine(args: readonly string[], flags: RunFlags, seed: number): string {
  const seedArgs = flags.seed === undefined ? ['--seed', String(seed)] : []
  return ['crossover', ...args, ...seedArgs].map(shellQuoted).join(' ')
}

function shellQuoted(arg: string): string {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", String.raw`'\''`)}'`
}
