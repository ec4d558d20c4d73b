import { parentPort, workerData } from 'node:worker_threads'
import { Bench, type Task } from 'tinybench'
import { ThreadClock } from '../../base/clock.ts'
import { runError, toSentError } from '../../base/errors.ts'
import { MS_PER_SECOND, NS_PER_MS } from '../../base/units.ts'
import { kernelThreadId } from '../../measure/affinity.ts'
import type { SingleRow } from '../../results/calibrate.ts'
import type { RoundFigure } from './figures.ts'
import { MOST_WARM_UP_ROUNDS } from './plan.ts'
import { createSingleTasks } from './single-tasks.ts'

/** A round's medians by measurement, nanoseconds. */
type RoundMedians = Readonly<Record<string, number>>

const FEWEST_ROUNDS = 3
const TOLERANCE = 0.05

/** Whether no measurement's latest round was more than 5 % faster than all before it: the compiler has done its work. */
export function isWarm(rounds: readonly RoundMedians[]): boolean {
  const latest = rounds.at(-1)
  if (latest === undefined || rounds.length < FEWEST_ROUNDS) return false
  const earlier = rounds.slice(0, -1)
  return Object.entries(latest).every(([name, median]) => {
    const fastest = Math.min(...earlier.map((round) => round[name] ?? Number.POSITIVE_INFINITY))
    return median >= fastest * (1 - TOLERANCE)
  })
}

/** How one thread measures what runs on one thread. */
export interface SingleCostsRequest {
  readonly originNs: bigint
  readonly rounds: number
  /** Of each building block in each round. */
  readonly sliceSeconds: number
}

/** A round's figures by building block, or what failed. */
export type SingleCostsReply =
  | {
      readonly kind: 'ready'
      readonly threadId: number | null
      readonly names: readonly SingleRow[]
    }
  | {
      readonly kind: 'round'
      /** Before the rounds that count. */
      readonly isWarmUp: boolean
      readonly figures: Readonly<Partial<Record<SingleRow, RoundFigure>>>
    }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }

/** Batches of a slice, however long one takes. */
const FEWEST_BATCHES = 3

/** Rounds over all building blocks in turn, so that whatever drifts meets all of them alike. */
async function measure({ originNs, rounds, sliceSeconds }: SingleCostsRequest): Promise<void> {
  const clock = new ThreadClock(originNs)
  const tasks = createSingleTasks(clock)
  const bench = new Bench({
    now: () => clock.nowNs() / NS_PER_MS,
    time: sliceSeconds * MS_PER_SECOND,
    iterations: FEWEST_BATCHES,
    warmup: false,
    throws: true,
  })
  for (const { name, run } of tasks) {
    bench.add(name, run, { async: name === 'microtask-switch' })
  }
  const runRound = async () => {
    const figures: Partial<Record<SingleRow, RoundFigure>> = {}
    for (const { name, operations } of tasks) {
      figures[name] = await runSlice(bench.getTask(name), operations)
    }
    return figures
  }
  reply({ kind: 'ready', threadId: kernelThreadId(), names: tasks.map(({ name }) => name) })
  const warmUp: RoundMedians[] = []
  while (warmUp.length < MOST_WARM_UP_ROUNDS && !isWarm(warmUp)) {
    const figures = await runRound()
    warmUp.push(
      Object.fromEntries(Object.entries(figures).map(([name, { p50Ns }]) => [name, p50Ns])),
    )
    reply({ kind: 'round', isWarmUp: true, figures })
  }
  for (let round = 0; round < rounds; round++)
    reply({ kind: 'round', isWarmUp: false, figures: await runRound() })
}

async function runSlice(task: Task | undefined, operations: number): Promise<RoundFigure> {
  task?.reset(false)
  await task?.run()
  if (task?.result.state !== 'completed')
    throw runError('calibration-task', `not measured: ${task?.name} state=${task?.result.state}`)
  const { p50, p99 } = task.result.latency
  return { p50Ns: (p50 * NS_PER_MS) / operations, p99Ns: (p99 * NS_PER_MS) / operations }
}

function reply(message: SingleCostsReply): void {
  parentPort?.postMessage(message)
}

try {
  await measure(workerData as SingleCostsRequest)
} catch (error) {
  reply({ kind: 'failed', ...toSentError(error) })
}
