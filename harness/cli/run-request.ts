import { counted } from '../words/format.ts'
import {
  type Arms,
  type ArmShorthands,
  chooseComparisons,
  DEFAULT_ARMS,
  firstCompared,
  parseArms,
  parseTwoArms,
  TWO_DEFAULT_ARMS,
} from '../asked/arms.ts'
import { availableCpus, parseCpus } from '../asked/cpus.ts'
import { LOG_LOAD, parseLoads, refuseBusiest } from '../asked/loads.ts'
import { parseAssignments } from '../asked/parameters.ts'
import { findProfile, type Profile } from '../asked/profiles.ts'
import {
  choosePairs,
  MOST_PAIRS,
  parseLevel,
  parseMetric,
  parseObjective,
  parsePrecision,
  parseWithin,
  requireWithin,
  parseRequestClass,
} from '../asked/quantities.ts'
import type { LoadRequest, WithinRequest } from '../asked/requests.ts'
import {
  type HttpFlags,
  parseTransport,
  prepareHttp,
  type SharedCpus,
  shareOutCpus,
  type TransportName,
} from '../asked/transport.ts'
import { CrossoverError, usageError } from '../base/errors.ts'
import { requireName } from '../base/text.ts'
import { drawSeed } from '../base/random.ts'
import type { ComparisonDefaults } from '../contract/scenario.ts'
import type { Planned } from '../experiment/rounds/pacing.ts'
import { planRun } from '../experiment/run/plan.ts'
import type { RunRequest } from '../experiment/run/request.ts'
import type { ComparedArms, ComparisonName } from '../results/schema.ts'
import { bearableLoad } from '../scenario/declared-work.ts'
import { loadScenario, whereOf } from '../scenario/load.ts'
import { type LogShape, parseColumns, TRACE_FORMATS } from '../scenario/log-shape.ts'
import { playLog, readTrace } from '../scenario/read-request-log.ts'
import { refuseRouting } from '../scenario/rules.ts'
import { refuseVirtualCores } from '../trial/context.ts'
import {
  baselineLines,
  baselineOf,
  checkBaselineFlags,
  refuseOtherThanBaseline,
  withBaseline,
} from './baseline.ts'
import { commandLine } from './command-line.ts'
import { budgetSeconds } from './options.ts'
import { refuseConflicts, type RunFlags } from './run-flags.ts'

const DEFAULT_METRIC = 'p99'

/** What a run compares, and which of it the scenario decided. */
interface Comparison {
  readonly arms: Arms
  /** At least one; the first is what the report is about. */
  readonly comparisons: readonly ComparedArms[]
  /** Null for one that any server should bear: see `Profile.loads`. */
  readonly loads: readonly LoadRequest[] | null
  readonly metric: ComparisonName
  /** Null where no time is stated. */
  readonly within: WithinRequest | null
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
  // A search takes two arms.
  const owns =
    flags.slo === undefined || defaults.arms === undefined
      ? defaults
      : { ...defaults, arms: firstCompared(defaults.arms) }
  /** Reads the first that is there: flag, scenario's default, other. */
  const choose = <T>(
    name: 'arms' | 'loads' | 'metric' | 'within',
    parse: (text: string) => T,
    otherwise: string,
  ): T => {
    const [flag, own] = [flags[name], owns[name]]
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
  const within =
    flags.within === undefined && defaults.within === undefined
      ? null
      : choose('within', (text) => parseWithin(text, true), '')
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
    within,
    cores: cores === 0 ? null : cores,
    virtualCores,
    fromScenario,
  }
}

/**
 * The staged arm that runs its stages on one thread stands beside the usual one, unless nobody would look at it: a search
 * takes two arms, so do profiles that are to be short, and a flag may have made the usual one like it.
 */
function defaultArms(flags: RunFlags, profile: Profile): string {
  const isWanted =
    flags.reference &&
    flags.slo === undefined &&
    profile.hasTwoArms !== true &&
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

/** In a trial's steady state, where its length is not said. */
const FEWEST_REQUESTS = 20

/** Of a log that is not read yet: loads besides its pace are refused if they are nonsense. */
const ANY_PACE = 1

/** Refuses flags that are wrong whatever the scenario. @throws CrossoverError of kind `usage`. */
export function checkFlags(flags: RunFlags): void {
  readSettings(flags)
}

/** What the flags say without any scenario. */
function readSettings(flags: RunFlags) {
  refuseConflicts(flags)
  checkBaselineFlags(flags)
  const profile = findProfile(flags.profile)
  // With no defaults of a scenario's: what the flags say is read, and refused if it is nonsense.
  // Arms to compare with may be the scenario's, too.
  const { against, ...others } = flags
  const known = against === undefined || flags.arms === undefined ? others : flags
  chooseComparison(known, profile, {}, '', flags.trace === undefined ? null : ANY_PACE)
  const level = parseLevel(flags.level)
  const precision = flags.untilPrecise === undefined ? null : parsePrecision(flags.untilPrecise)
  const objective = flags.slo === undefined ? null : parseObjective(flags.slo)
  const http = httpFlags(flags)
  const transport = parseTransport(flags.transport, http)
  return {
    profile,
    level,
    rounds: precision === null ? choosePairs(flags.pairs, level, profile) : MOST_PAIRS,
    precision,
    objective,
    transport,
    http,
    cpus: cpusFor(transport, flags),
    logShape: logShapeOf(flags),
    assignments: parseAssignments(flags.param ?? [], '--param'),
  }
}

/**
 * Everything that decides what a run does, from its flags, the scenario's defaults, the profile and our own. Flags that
 * are wrong by themselves are refused before the scenario's file is executed.
 */
export async function buildRequest(
  scenario: string,
  asked: RunFlags,
  args: readonly string[],
): Promise<Planned<RunRequest>> {
  const baseline = baselineOf(scenario, asked)
  const flags = baseline === null ? asked : withBaseline(asked, baseline)
  const settings = readSettings(flags)
  const { profile, level, rounds, precision, objective, transport, http } = settings
  const seed = flags.seed ?? drawSeed()
  const log =
    flags.trace === undefined ? null : await readTrace(flags.trace, transport, settings.logShape)
  const plain = await loadScenario(scenario, settings.assignments)
  const loaded = log === null ? plain : playLog(plain, log)
  const comparison = chooseComparison(
    flags,
    profile,
    loaded.scenario.defaults ?? {},
    whereOf(scenario),
    log?.perSecond,
  )
  const { arms, comparisons, metric, within, virtualCores, fromScenario } = comparison
  requireWithin(metric, within)
  refuseVirtualCores(loaded, virtualCores)
  const cpus = settings.cpus.servers.slice(0, comparison.cores ?? settings.cpus.servers.length)
  const portCount = virtualCores ?? cpus.length
  const workload = loaded.scenario.workload(loaded.params)
  refuseRouting(arms, workload, whereOf(scenario))
  const loads = comparison.loads ?? [
    bearableLoad(loaded.scenario.stages(loaded.params), workload, portCount),
  ]
  refuseBusiest(loads, arms, log !== null)
  const durationSeconds = flags.duration ?? profile.durationSeconds
  const request: RunRequest = {
    loaded,
    arms,
    comparisons,
    loads,
    rounds,
    metric,
    within,
    requestClass: parseRequestClass(flags.class, workload, metric),
    level,
    precision,
    objective,
    virtualCores,
    transport:
      transport === 'http'
        ? await prepareHttp(workload, http, {
            portCount,
            clientCpus: settings.cpus.client,
            serverCount: arms.length,
          })
        : { kind: transport },
    machineFolder: flags.out,
    durationSeconds:
      comparison.loads === null && flags.duration === undefined
        ? longEnough(durationSeconds, loads)
        : durationSeconds,
    budgetSeconds: budgetSeconds(
      flags,
      [flags.pairs, flags.loads, flags.duration, flags.untilPrecise, flags.slo],
      budgetOf(profile, transport),
    ),
    cpus,
    seed,
    profile: profile.name,
    answersOnly: comparison.loads === null && objective === null && precision === null,
    fromScenario,
    command: commandLine(args, flags, seed),
  }
  const plan = planRun(request)
  if (baseline === null) return { ...request, plan }
  refuseOtherThanBaseline(request, flags, baseline)
  const lines = [...plan.lines, ...baselineLines(request, asked, baseline)]
  return { ...request, plan: { ...plan, lines } }
}

/** @throws CrossoverError of kind `usage`. */
function logShapeOf({ traceFormat = 'csv', columns, traceSpread }: RunFlags): LogShape {
  const format = requireName(traceFormat, TRACE_FORMATS, '--trace-format', 'format')
  if (columns !== undefined && format !== 'csv' && format !== 'json')
    throw usageError(
      'conflict',
      `--columns ${columns} and --trace-format ${format} exclude each other`,
      'leave out --columns: the fields of an access log stand where they stand',
    )
  return {
    format,
    columns: columns === undefined ? null : parseColumns(columns),
    spread: traceSpread === true,
  }
}

/** Long enough for a few requests at a load that is low since each of them takes long. */
function longEnough(seconds: number, loads: readonly LoadRequest[]): number {
  const slowest = loads.reduce(
    (least, load) => (load.kind === 'absolute' ? Math.min(least, load.perSecond) : least),
    Number.POSITIVE_INFINITY,
  )
  return Math.max(seconds, FEWEST_REQUESTS / slowest)
}

function budgetOf(profile: Profile, transport: TransportName): number | null {
  return transport === 'http'
    ? (profile.httpBudgetSeconds ?? profile.budgetSeconds)
    : profile.budgetSeconds
}

function httpFlags({ connections, pipelining, tcpPort }: RunFlags): HttpFlags {
  return { connections, pipelining, tcpPort }
}

function cpusFor(transport: TransportName, { cpus: text }: RunFlags): SharedCpus {
  if (transport === 'replay') return { servers: parseCpus(text), client: [] }
  return text === undefined
    ? shareOutCpus(undefined, parseCpus())
    : shareOutCpus(parseCpus(text), availableCpus())
}
