import { drawSeed } from '../base/random.ts'
import type { Arm } from '../contract/architecture.ts'
import { loadScenario } from '../experiment/load-scenario.ts'
import { parseArms, referenceArm } from '../experiment/parse-arms.ts'
import type { ArmShorthands } from '../experiment/parse-arms.ts'
import { availableCpus, parseCpus } from '../experiment/parse-cpus.ts'
import { parseLevel } from '../experiment/parse-level.ts'
import { parseLoads } from '../experiment/parse-loads.ts'
import { parseMetric } from '../experiment/parse-metric.ts'
import { parseObjective } from '../experiment/parse-objective.ts'
import { choosePairs, MOST_PAIRS } from '../experiment/parse-pairs.ts'
import { parseAssignments } from '../experiment/parse-parameters.ts'
import { parsePrecision } from '../experiment/parse-precision.ts'
import {
  type HttpFlags,
  parseTransport,
  prepareHttp,
  type SharedCpus,
  shareOutCpus,
  type TransportName,
} from '../experiment/parse-transport.ts'
import { refuseVirtualCores } from '../experiment/trial-context.ts'
import { findProfile, type Profile } from '../experiment/profiles.ts'
import type { RunRequest } from '../experiment/run-request.ts'
import { commandLine } from './command-line.ts'
import { refuseConflicts } from './conflicts.ts'
import type { RunFlags } from './run-flags.ts'

const DEFAULT_ARMS = 'staged,sharded'

/** Everything that decides what a run does, from its flags, the profile behind them and the defaults. */
export async function buildRequest(
  scenario: string,
  flags: RunFlags,
  args: readonly string[],
): Promise<RunRequest> {
  refuseConflicts(flags)
  const profile = findProfile(flags.profile)
  const shorthands = shorthandsOf(flags)
  const arms = parseArms(flags.arms ?? DEFAULT_ARMS, shorthands)
  const loads = parseLoads(flags.loads ?? profile.loads)
  const metric = parseMetric(flags.metric)
  const level = parseLevel(flags.level)
  const precision = flags.untilPrecise === undefined ? null : parsePrecision(flags.untilPrecise)
  const objective = flags.slo === undefined ? null : parseObjective(flags.slo)
  const http = httpFlags(flags)
  const transport = parseTransport(flags.transport, http)
  const { servers: cpus, client: clientCpus } = cpusFor(transport, flags)
  const seed = flags.seed ?? drawSeed()
  const loaded = await loadScenario(scenario, parseAssignments(flags.param ?? [], '--param'))
  refuseVirtualCores(loaded, flags.virtualCores ?? null)
  const portCount = flags.virtualCores ?? cpus.length
  const workload = loaded.scenario.workload(loaded.params)
  return {
    loaded,
    arms,
    loads,
    pairs: precision === null ? choosePairs(flags.pairs, level, profile) : MOST_PAIRS,
    metric,
    level,
    precision,
    objective,
    virtualCores: flags.virtualCores ?? null,
    transport:
      transport === 'http'
        ? await prepareHttp(workload, http, { portCount, clientCpus })
        : { kind: transport },
    machineFolder: flags.out,
    durationSeconds: flags.duration ?? profile.durationSeconds,
    budgetSeconds: flags.budget ?? (saysHowMuch(flags) ? null : budgetOf(profile, transport)),
    cpus,
    seed,
    profile: profile.name,
    reference: reference(flags, arms, shorthands),
    command: commandLine(args, flags, seed),
  }
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

/**
 * The fused layout stands beside the default arms only: who names arms has chosen what to compare. A search has no
 * load at which it could stand.
 */
function reference(
  flags: RunFlags,
  [first]: readonly Arm[],
  shorthands: ArmShorthands,
): Arm | null {
  const isWanted = flags.reference && flags.arms === undefined && flags.slo === undefined
  return isWanted && first?.options['layout'] !== 'fused' ? referenceArm(shorthands.both) : null
}
