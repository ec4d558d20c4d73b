import { CrossoverError, usageError } from '../base/errors.ts'
import type { ComparisonDefaults } from '../contract/scenario.ts'
import {
  type Arms,
  type ArmShorthands,
  chooseComparisons,
  DEFAULT_ARMS,
  parseArms,
  parseTwoArms,
  TWO_DEFAULT_ARMS,
} from '../experiment/parse-arms.ts'
import { LOG_LOAD, parseLoads } from '../experiment/parse-loads.ts'
import { parseMetric } from '../experiment/parse-metric.ts'
import type { Profile } from '../experiment/profiles.ts'
import type { LoadRequest } from '../experiment/run-request.ts'
import type { ComparedArms, ComparisonName } from '../results/schema.ts'
import type { RunFlags } from './run-flags.ts'

const DEFAULT_METRIC = 'p99'

/** What a run compares, and which of it the scenario decided. */
export interface Comparison {
  readonly arms: Arms
  /** At least one; the first is what the report is about. */
  readonly comparisons: readonly ComparedArms[]
  /** Null for one that any server should bear: see `Profile.loads`. */
  readonly loads: readonly LoadRequest[] | null
  readonly metric: ComparisonName
  /** Processors, the first of those that the run may use; null for all. */
  readonly cores: number | null
  readonly virtualCores: number | null
  /** For people: `loads 10%,20%`. */
  readonly fromScenario: readonly string[]
}

/**
 * The user's flags first, then the scenario's defaults, then the profile's and ours. A profile that is about right
 * answers alone has its own load, whatever the scenario says.
 * @param where names the scenario in an error about its defaults.
 * @param logPerSecond pace of the log that is played, which is the load then unless a flag says otherwise; null for none.
 */
export function chooseComparison(
  flags: RunFlags,
  profile: Profile,
  defaults: ComparisonDefaults,
  where: string,
  logPerSecond: number | null = null,
): Comparison {
  const fromScenario: string[] = []
  /** Reads the first that is there: flag, scenario's default, other. */
  const choose = <T>(
    name: 'arms' | 'loads' | 'metric',
    parse: (text: string) => T,
    otherwise: string,
  ): T => {
    const [flag, own] = [flags[name], defaults[name]]
    if (flag !== undefined || own === undefined) return parse(flag ?? otherwise)
    fromScenario.push(`${name} ${own}`)
    return readDefault(name, () => parse(own), where)
  }
  const arms = choose('arms', (text) => readArms(text, flags), defaultArms(flags, profile))
  const isBearable = flags.loads === undefined && profile.loads === null
  const loads =
    logPerSecond === null
      ? isBearable
        ? null
        : choose('loads', parseLoads, profile.loads ?? '')
      : parseLoads(flags.loads ?? LOG_LOAD, logPerSecond)
  const metric = choose('metric', parseMetric, DEFAULT_METRIC)
  const cores = flags.cpus === undefined ? (defaults.cores ?? 0) : 0
  if (cores > 0) fromScenario.push(counted(cores, 'processor'))
  const virtualCores = flags.virtualCores ?? defaults.virtualCores ?? null
  if (flags.virtualCores === undefined && virtualCores !== null)
    fromScenario.push(counted(virtualCores, 'virtual core'))
  return {
    arms,
    comparisons: chooseComparisons(arms, flags.against),
    loads,
    metric,
    cores: cores === 0 ? null : cores,
    virtualCores,
    fromScenario,
  }
}

/**
 * The staged arm that runs its stages on one thread stands beside the usual one, unless nobody would look at it: a search
 * takes two arms, a profile about answers alone has no figures, and a flag may have made the usual one like it.
 */
function defaultArms(flags: RunFlags, profile: Profile): string {
  const isWanted =
    flags.reference &&
    flags.slo === undefined &&
    profile.answersOnly !== true &&
    flags.stagedLayout !== 'fused'
  return isWanted ? DEFAULT_ARMS : TWO_DEFAULT_ARMS
}

function readArms(text: string, flags: RunFlags): Arms {
  const shorthands = shorthandsOf(flags)
  return flags.slo === undefined
    ? parseArms(text, shorthands)
    : parseTwoArms(text, '--slo searches with two arms', shorthands)
}

/** What flags set for every arm, and for staged ones. */
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

/** A mistake in the scenario's defaults is not one of the command line: the error says where it stands. */
function readDefault<T>(name: string, read: () => T, where: string): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof CrossoverError)) throw cause
    throw usageError(
      'scenario-defaults',
      `${where}: defaults.${name}: ${cause.message}`,
      cause.cure ?? 'mend the defaults of the scenario',
      cause,
    )
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
