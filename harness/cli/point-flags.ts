import { usageError } from '../base/errors.ts'
import { parseCpus } from '../asked/cpus.ts'
import type { Assignments } from '../asked/parameters.ts'
import type { ParameterRange } from '../asked/range.ts'
import type { LoadedScenario } from '../asked/requests.ts'

/** Flags of every command that varies one parameter; absent where the scenario or a default decides. */
export interface PointFlags {
  /** `theta=0..1.2`, or of a search `theta`. */
  readonly over?: string
  /** `50%` or `200000/s`. */
  readonly load?: string
  readonly metric?: string
  /** A confidence: `0.95` or `95%`. */
  readonly level: string
  /** Seconds. */
  readonly duration?: number
  /** Seconds. */
  readonly budget?: number
  readonly arms?: string
  readonly cpus?: string
  readonly virtualCores?: number
  readonly seed?: number
  /** `name=value` texts. */
  readonly param?: readonly string[]
  /** Folder that gets the measurement's folder. */
  readonly out: string
  readonly json?: true
}

/** What varies: the flag's text, or the scenario's first sweep. */
export function overText({ scenario }: LoadedScenario, { over }: Pick<PointFlags, 'over'>): string {
  const text = over ?? scenario.sweeps?.[0]
  if (text !== undefined) return text
  throw usageError(
    'over',
    `--over is missing, and ${scenario.name} names no sweep of its own`,
    'say what varies: --over theta=0..1.2, --over load=10%..95% or --over cores=1..2',
  )
}

/** The user's processors, else as many as the scenario wants where its cores do not vary. */
export function coresOf(
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
export function refuseFixed({ subject, name }: ParameterRange, fixed: Assignments): void {
  if (subject !== 'parameter' || fixed[name] === undefined) return
  throw usageError(
    'conflict',
    `--over varies ${name}, and --param sets it: ${name}=${fixed[name]}`,
    'leave out one of them',
  )
}

/** Refuses a load that is to vary and to be set. */
export function refuseLoad({ subject }: ParameterRange, { load }: Pick<PointFlags, 'load'>): void {
  if (subject !== 'load' || load === undefined) return
  throw usageError(
    'conflict',
    `--over varies the load, and --load sets it: ${load}`,
    'leave out one of them',
  )
}
