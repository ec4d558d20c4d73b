import type { Assignments } from '../../asked/parameters.ts'
import type { ParameterRange } from '../../asked/range.ts'
import type { LoadedScenario, SingleLoad } from '../../asked/requests.ts'
import type { Arm } from '../../contract/architecture.ts'
import type { Workload } from '../../contract/workload.ts'
import { loadScenario, whereOf } from '../../scenario/load.ts'
import { refuseRouting } from '../../scenario/rules.ts'
import { createTrialContext, refuseVirtualCores, type TrialPlace } from '../../trial/context.ts'
import type { TrialContext } from '../../trial/measured.ts'
import type { ComparisonName } from '../../results/schema.ts'
import type { OpenBlockFile } from '../../work/block-file.ts'
import type { AskedMeasurement } from '../rounds/begun.ts'

/** Everything that decides what is measured at the values of a parameter. */
export interface PointRequest extends AskedMeasurement {
  /** A name, or the path of a file. */
  readonly scenario: string
  /** Parameters that stay the same, as behind `--param`. */
  readonly fixed: Assignments
  /** First and second arm; ratios are second ÷ first. */
  readonly arms: readonly [Arm, Arm]
  readonly range: ParameterRange
  /** The same at every value, per core when cores vary; of no account when the load itself varies. */
  readonly load: SingleLoad
  /** Processors that the servers may use; when cores vary, the first so many of them. */
  readonly cpus: readonly number[]
  /** What outcomes are about, or what crosses; throughput is that of a closed window. */
  readonly metric: ComparisonName
  /** The time within which an answer is useful, nanoseconds. @default none is stated */
  readonly withinNs?: number
  /** Threads in place of processors; null for one core per processor. When cores vary, only whether it is null counts. */
  readonly virtualCores: number | null
}

/** What decides whether a value can be measured. */
type Measurable = Pick<PointRequest, 'scenario' | 'fixed' | 'arms' | 'range' | 'virtualCores'>
/** And where. */
type Placed = Measurable & Pick<PointRequest, 'cpus'>

/**
 * A context per place, made when it is first asked for. Clock and burn are those of one calibration: places must not differ by it.
 * Those whose workloads read alike share one file.
 */
export class SharedContexts {
  readonly #placeAt: (key: number) => Promise<TrialPlace>
  readonly #contexts = new Map<number, Promise<TrialContext>>()
  readonly #files = new Map<string, OpenBlockFile>()

  constructor(placeAt: (key: number) => Promise<TrialPlace>) {
    this.#placeAt = placeAt
  }

  /**
   * The first one calibrates, about 20 ms.
   * @throws CrossoverError of kind `usage` when the scenario cannot be run with the value, or the processors cannot be kept.
   */
  at(key: number): Promise<TrialContext> {
    const known = this.#contexts.get(key)
    if (known !== undefined) return known
    const [first] = this.#contexts.values()
    // At once, so that whoever asks meanwhile gets the same one.
    const made = this.#make(key, first)
    this.#contexts.set(key, made)
    return made
  }

  async #make(key: number, first: Promise<TrialContext> | undefined): Promise<TrialContext> {
    const like = await first
    const place = await this.#placeAt(key)
    const { scenario, params } = place.loaded
    const blockFile = this.#files.get(fileKeyOf(scenario.workload(params)))
    const context = createTrialContext({
      ...place,
      ...(like && { like }),
      ...(blockFile && { blockFile }),
    })
    if (context.blockFile !== null) this.#files.set(fileKeyOf(context.workload), context.blockFile)
    return context
  }

  /** Gives the files of all workloads back, after the last trial. */
  async close(): Promise<void> {
    const made = await Promise.allSettled(this.#contexts.values())
    const files = made.flatMap((one) => (one.status === 'fulfilled' ? [one.value.blockFile] : []))
    for (const file of new Set(files)) file?.close()
  }
}

/**
 * A context per value: the same module with another parameter or other cores, or, when the load varies, one for all.
 * @param signal aborted by Ctrl-C: the trial that runs ends within a second.
 */
export function pointContexts(
  request: Placed,
  signal: AbortSignal,
): Pick<SharedContexts, 'at' | 'close'> {
  const { range, arms } = request
  const contexts = new SharedContexts(async (value) => ({
    ...placeOf(request, value),
    loaded: await loadPoint(request, value),
    arms,
    signal,
  }))
  return {
    at: (value) => contexts.at(range.subject === 'load' ? range.from : value),
    close: () => contexts.close(),
  }
}

function fileKeyOf({ file }: Workload): string {
  return JSON.stringify(file ?? null)
}

/**
 * Loads the scenario with each of these values, so that what cannot be run is refused before anything is measured.
 * @throws CrossoverError of kind `usage`
 */
export async function checkPoints(request: Measurable, values: readonly number[]): Promise<void> {
  for (const value of values) {
    const loaded = await loadPoint(request, value)
    refuseVirtualCores(loaded, request.virtualCores)
    const workload = loaded.scenario.workload(loaded.params)
    refuseRouting(request.arms, workload, whereOf(request.scenario))
  }
}

function loadPoint(
  { scenario, fixed, range }: Pick<PointRequest, 'scenario' | 'fixed' | 'range'>,
  value: number,
): Promise<LoadedScenario> {
  return loadScenario(scenario, { ...fixed, ...assignmentOf(range, value) })
}

function assignmentOf({ subject, name }: ParameterRange, value: number): Assignments {
  return subject === 'parameter' ? { [name]: String(value) } : {}
}

function placeOf(
  { range, cpus, virtualCores }: Placed,
  value: number,
): Pick<TrialPlace, 'cpus' | 'virtualCores'> {
  if (range.subject !== 'cores') return { cpus, virtualCores }
  return virtualCores === null
    ? { cpus: cpus.slice(0, value), virtualCores }
    : { cpus, virtualCores: value }
}
