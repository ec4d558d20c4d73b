import { firstCompared, parseTwoArms, TWO_DEFAULT_ARMS } from '../asked/arms.ts'
import { parseCpus } from '../asked/cpus.ts'
import { parseSingleLoad } from '../asked/loads.ts'
import { type Assignments, parseAssignments } from '../asked/parameters.ts'
import {
  parseLevel,
  parseMetric,
  parseRequestClass,
  parseWithin,
  requireWithin,
} from '../asked/quantities.ts'
import type { ParameterRange } from '../asked/range.ts'
import type { LoadedScenario } from '../asked/requests.ts'
import { usageError } from '../base/errors.ts'
import { drawSeed } from '../base/random.ts'
import type { ParameterSpecs } from '../contract/scenario.ts'
import type { PointRequest } from '../experiment/points/contexts.ts'
import { loadScenario } from '../scenario/load.ts'
import { commandLine } from './command-line.ts'
import type { MeasuringFlags } from './options.ts'

/** Flags of every command that varies one parameter; absent where the scenario or a default decides. */
export interface PointFlags extends MeasuringFlags {
  /** `theta=0..1.2`, or of a search `theta`. */
  readonly over?: string
  /** `50%` or `200000/s`. */
  readonly load?: string
  readonly metric?: string
  /** `20ms`. */
  readonly within?: string
  readonly arms?: string
  readonly virtualCores?: number
}

/** Of the defaults, on a machine whose noise makes warm-ups longer. */
export const POINT_BUDGET_SECONDS = 240
const LOAD = '50%'
const METRIC = 'p99'
const DURATION_SECONDS = 0.5

/**
 * What decides about the values of a parameter, from the flags, the scenario's defaults and ours; the command adds its own.
 * @param rangeOf reads what varies. @param args is the command line
 */
export async function buildPoints(
  scenario: string,
  flags: PointFlags,
  args: readonly string[],
  rangeOf: (text: string, specs: ParameterSpecs, mostCores: number) => ParameterRange,
): Promise<Omit<PointRequest, 'budgetSeconds'>> {
  const fixed = parseAssignments(flags.param ?? [], '--param')
  const loaded = await loadScenario(scenario, fixed)
  const { params, defaults = {} } = loaded.scenario
  const cores = coresOf(loaded, flags)
  const mostCores = cores.virtualCores ?? cores.cpus.length
  const range = rangeOf(overText(loaded, flags), params, mostCores)
  refuseFixed(range, fixed)
  refuseLoad(range, flags)
  const seed = flags.seed ?? drawSeed()
  const metric = parseMetric(flags.metric ?? defaults.metric ?? METRIC)
  const withinText = flags.within ?? defaults.within
  const within =
    withinText === undefined ? null : parseWithin(withinText, flags.within === undefined)
  // A multiple of a latency at a run's first load means nothing where there is no such load.
  const withinNs = within?.kind === 'time' ? within.ns : undefined
  requireWithin(metric, withinNs === undefined ? null : within)
  const workload = loaded.scenario.workload(loaded.params)
  return {
    scenario,
    fixed,
    loaded,
    arms: parseTwoArms(flags.arms ?? firstCompared(defaults.arms ?? TWO_DEFAULT_ARMS)),
    range,
    load: parseSingleLoad(flags.load ?? LOAD),
    metric,
    ...(withinNs !== undefined && { withinNs }),
    requestClass: parseRequestClass(flags.class, workload, metric),
    level: parseLevel(flags.level),
    durationSeconds: flags.duration ?? DURATION_SECONDS,
    ...cores,
    seed,
    command: commandLine(args, flags, seed),
  }
}

/** What varies: the flag's text, or the scenario's first sweep. */
function overText({ scenario }: LoadedScenario, { over }: Pick<PointFlags, 'over'>): string {
  const text = over ?? scenario.sweeps?.[0]
  if (text !== undefined) return text
  throw usageError(
    'over',
    `--over is missing, and ${scenario.name} names no sweep of its own`,
    'say what varies: --over theta=0..1.2, --over load=10%..95% or --over cores=1..2',
  )
}

/** The user's processors, else as many as the scenario wants where its cores do not vary. */
function coresOf(
  { scenario }: LoadedScenario,
  flags: Pick<PointFlags, 'cpus' | 'over' | 'virtualCores'>,
): { readonly cpus: readonly number[]; readonly virtualCores: number | null } {
  const { cores = 0, virtualCores = null } = scenario.defaults ?? {}
  const cpus = parseCpus(flags.cpus)
  const variesCores = /^\s*cores\b/.test(flags.over ?? '')
  const wanted = flags.cpus === undefined && cores > 0 && !variesCores ? cores : cpus.length
  return { cpus: cpus.slice(0, wanted), virtualCores: flags.virtualCores ?? virtualCores }
}

/** Refuses a parameter that is to vary and to be set. */
function refuseFixed({ subject, name }: ParameterRange, fixed: Assignments): void {
  if (subject !== 'parameter' || fixed[name] === undefined) return
  throw usageError(
    'conflict',
    `--over varies ${name}, and --param sets it: ${name}=${fixed[name]}`,
    'leave out one of them',
  )
}

/** Refuses a load that is to vary and to be set. */
function refuseLoad({ subject }: ParameterRange, { load }: Pick<PointFlags, 'load'>): void {
  if (subject !== 'load' || load === undefined) return
  throw usageError(
    'conflict',
    `--over varies the load, and --load sets it: ${load}`,
    'leave out one of them',
  )
}
