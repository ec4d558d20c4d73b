import type { Clock } from '../base/clock.ts'
import { type CrossoverError, runError } from '../base/errors.ts'
import { formatRoundTime } from '../words/format.ts'
import { MS_PER_SECOND, NS_PER_SECOND, NS_PER_US } from '../base/units.ts'
import { DRAWN, type Stage } from '../contract/stage.ts'
import type { ServiceTimes, Workload } from '../contract/workload.ts'
import { stageOf } from '../shared-memory/thread-counters.ts'

/** How long a stage may take beyond what it declares: a machine that is busy with other things does not reach it. */
const GRACE_NS = 5 * NS_PER_SECOND
/** Each look reads two words per thread. */
const LOOK_MS = MS_PER_SECOND
/** An exponential time is longer than so many means once in 5 × 10⁸ draws. */
const MEANS = 20

/** What a watchdog must know of its trial. */
export interface WatchedTrial {
  /** From `createThreadCounters`: each thread writes there which stage it executes, and how many it has begun. */
  readonly counters: SharedArrayBuffer
  /** Names, by index. */
  readonly threads: readonly string[]
  readonly stages: readonly Stage[]
  readonly workload: Workload
  readonly scenario: { readonly name: string; readonly file: string }
}

/** One thread as it was seen last, and since when it has been so. */
interface Seen {
  readonly stage: number | null
  readonly begun: number
  readonly sinceNs: number
}

/**
 * Finds the thread that began a stage and does not come back: an endless loop in a scenario's `run` would keep a trial
 * for ever, since nobody can ask that thread to stop. It is stuck when it is in the same stage, begun by the same count,
 * for 5 s more than that stage declares at most.
 */
export class Watchdog {
  readonly #trial: WatchedTrial
  readonly #limitsNs: readonly number[]
  #seen: readonly Seen[] = []

  constructor(trial: WatchedTrial) {
    this.#trial = trial
    this.#limitsNs = trial.stages.map((stage) => GRACE_NS + longestNs(stage, trial.workload))
  }

  /** Looks at every thread; the failure of the trial when one is stuck. */
  look(nowNs: number): CrossoverError | undefined {
    const { counters, threads } = this.#trial
    this.#seen = threads.map((_, thread) => {
      const { stage, begun } = stageOf(counters, thread)
      const before = this.#seen[thread]
      const isSame = before?.stage === stage && before.begun === begun
      return { stage, begun, sinceNs: isSame ? before.sinceNs : nowNs }
    })
    const stuck = this.#seen.findIndex(
      ({ stage, sinceNs }) => stage !== null && nowNs - sinceNs > this.#limitsNs[stage]!,
    )
    return stuck === -1 ? undefined : this.#failure(stuck)
  }

  /** Whether some thread is in a stage right now: what it has taken is not lost yet. */
  isInsideStage(): boolean {
    const { counters, threads } = this.#trial
    return threads.some((_, thread) => stageOf(counters, thread).stage !== null)
  }

  #failure(thread: number): CrossoverError {
    const { scenario, threads, stages } = this.#trial
    const stage = this.#seen[thread]!.stage!
    return runError(
      'stage-stuck',
      `scenario ${scenario.name}: stage ${stages[stage]!.name} did not return within ${formatRoundTime(this.#limitsNs[stage]!)} (thread ${threads[thread]}, ${scenario.file})`,
      'end every loop of its run; work that takes long is declared, as burn or wait',
    )
  }
}

/** Looks every second until the returned function is called. @param onStuck called at most once. */
export function watchStages(
  watchdog: Watchdog,
  clock: Clock,
  onStuck: (failure: CrossoverError) => void,
): () => void {
  const timer = setInterval(() => {
    const failure = watchdog.look(clock.nowNs())
    if (failure === undefined) return
    clearInterval(timer)
    onStuck(failure)
  }, LOOK_MS)
  return () => clearInterval(timer)
}

/** The longest time that a stage declares for one request, all of its keys together; of exponential times 20 means. */
export function longestNs(stage: Stage, workload: Workload): number {
  if (!('run' in stage)) return 0
  const keys = workload.keysPerRequest?.maximum ?? 1
  const drawn = workload.serviceTimes === undefined ? 0 : longestMicros(workload.serviceTimes)
  const micros = [stage.burn?.micros, stage.wait?.micros].map((declared) =>
    declared === DRAWN ? drawn : (declared ?? 0),
  )
  return keys * micros.reduce((sum, value) => sum + value, 0) * NS_PER_US
}

function longestMicros(services: ServiceTimes): number {
  if (services.kind === 'mixture') return Math.max(...services.parts.map((part) => part.micros))
  return services.kind === 'fixed' ? services.meanMicros : MEANS * services.meanMicros
}
