import { drawSeed } from '../base/random.ts'
import { loadScenario, whereOf } from '../experiment/load-scenario.ts'
import { bearableLoad } from '../experiment/bearable-load.ts'
import { availableCpus, parseCpus } from '../experiment/parse-cpus.ts'
import { parseLevel } from '../experiment/parse-level.ts'
import { parseObjective } from '../experiment/parse-objective.ts'
import { choosePairs, MOST_PAIRS } from '../experiment/parse-pairs.ts'
import { type Assignments, parseAssignments } from '../experiment/parse-parameters.ts'
import { parsePrecision } from '../experiment/parse-precision.ts'
import {
  type HttpFlags,
  parseTransport,
  prepareHttp,
  type SharedCpus,
  shareOutCpus,
  type TransportName,
} from '../experiment/parse-transport.ts'
import { playLog, readTrace } from '../experiment/parse-trace.ts'
import { refuseRouting } from '../experiment/refuse-routing.ts'
import { refuseVirtualCores } from '../experiment/trial-context.ts'
import { findProfile, type Profile } from '../experiment/profiles.ts'
import type { LoadRequest, RunRequest } from '../experiment/run-request.ts'
import { chooseComparison } from './choose-comparison.ts'
import { commandLine } from './command-line.ts'
import {
  baselineOf,
  checkBaselineFlags,
  refuseOtherThanBaseline,
  withBaseline,
} from './compare-baseline.ts'
import { refuseConflicts } from './conflicts.ts'
import type { RunFlags } from './run-flags.ts'

/** In a trial's steady state, where its length is not said. */
const FEWEST_REQUESTS = 20

/** Of a log that is not read yet: loads besides its pace are refused if they are nonsense. */
const ANY_PACE = 1

/** What the flags say without any scenario. */
interface Settings {
  readonly profile: Profile
  readonly level: number
  readonly rounds: number
  readonly precision: number | null
  readonly objective: RunRequest['objective']
  readonly transport: TransportName
  readonly http: HttpFlags
  readonly cpus: SharedCpus
  readonly assignments: Assignments
}

/** Refuses flags that are wrong whatever the scenario. @throws CrossoverError of kind `usage`. */
export function checkFlags(flags: RunFlags): void {
  readSettings(flags)
}

function readSettings(flags: RunFlags): Settings {
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
): Promise<RunRequest> {
  const baseline = baselineOf(scenario, asked)
  const flags = baseline === null ? asked : withBaseline(asked, baseline)
  const settings = readSettings(flags)
  const { profile, level, rounds, precision, objective, transport, http } = settings
  const seed = flags.seed ?? drawSeed()
  const log = flags.trace === undefined ? null : await readTrace(flags.trace, transport)
  const plain = await loadScenario(scenario, settings.assignments)
  const loaded = log === null ? plain : playLog(plain, log)
  const comparison = chooseComparison(
    flags,
    profile,
    loaded.scenario.defaults ?? {},
    whereOf(scenario),
    log?.perSecond,
  )
  const { arms, comparisons, metric, virtualCores, fromScenario } = comparison
  refuseVirtualCores(loaded, virtualCores)
  const cpus = settings.cpus.servers.slice(0, comparison.cores ?? settings.cpus.servers.length)
  const portCount = virtualCores ?? cpus.length
  const workload = loaded.scenario.workload(loaded.params)
  refuseRouting(arms, workload, whereOf(scenario))
  const loads = comparison.loads ?? [
    bearableLoad(loaded.scenario.stages(loaded.params), workload, portCount),
  ]
  const durationSeconds = flags.duration ?? profile.durationSeconds
  const request: RunRequest = {
    loaded,
    arms,
    comparisons,
    loads,
    rounds,
    metric,
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
    budgetSeconds: flags.budget ?? (saysHowMuch(flags) ? null : budgetOf(profile, transport)),
    cpus,
    seed,
    profile: profile.name,
    answersOnly: comparison.loads === null && objective === null && precision === null,
    fromScenario,
    command: commandLine(args, flags, seed),
  }
  if (baseline !== null) refuseOtherThanBaseline(request, flags, baseline)
  return request
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
  return shareOutCpus(text === undefined ? undefined : parseCpus(text), availableCpus())
}

/** Whether the user said how much to measure: then it is measured, however long it takes. */
function saysHowMuch(flags: RunFlags): boolean {
  const { pairs, loads, duration, untilPrecise, slo } = flags
  return [pairs, loads, duration, untilPrecise, slo].some((flag) => flag !== undefined)
}
