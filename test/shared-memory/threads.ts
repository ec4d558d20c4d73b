import { Worker } from 'node:worker_threads'

/** What a thread of a stress test answers, or that some of the threads did not come to an end. */
export type ThreadsOutcome<Answer> =
  | { readonly state: 'done'; readonly answers: readonly Answer[] }
  | { readonly state: 'stuck' }

/** What tells threads that sleep over their work from threads that are slow. */
export interface Watch {
  /** Anything that changes while the threads get on. */
  progress(): number
  /** Threads are stuck when that has not changed for so long: less than the 20 s for which they sleep. */
  readonly patienceMs: number
}

/** One change of a source of the harness that breaks it. */
export interface Mutant {
  /** Below `harness/`. */
  readonly file: string
  /** Text that is in the file once, and what is put in its place. */
  readonly from: string
  readonly to: string
}

const MUTATED = new URL('mutated.worker.ts', import.meta.url)

const WITHOUT_PROGRESS: Watch = { progress: () => 0, patienceMs: 15_000 }

/**
 * Runs a worker per element of `data`, and collects what each one posts. Without a watch all must have answered within
 * 15 s. An error of a worker rejects.
 * @param mutants what is broken in the sources that the workers run. @default nothing
 */
export async function runThreads<Answer>(
  entry: URL,
  data: readonly object[],
  watch = WITHOUT_PROGRESS,
  mutants: readonly Mutant[] = [],
): Promise<ThreadsOutcome<Answer>> {
  // The line that all threads cross together: how many have arrived.
  const line = new Int32Array(new SharedArrayBuffer(4))
  const workers = data.map((own) => {
    const workerData = { ...own, line, threadCount: data.length, entry: entry.href, mutants }
    return new Worker(mutants.length === 0 ? entry : MUTATED, { workerData, execArgv: [] })
  })
  const { promise: patience, resolve: giveUp } = Promise.withResolvers<'stuck'>()
  let before = watch.progress()
  const timer = setInterval(() => {
    const now = watch.progress()
    if (now === before) giveUp('stuck')
    before = now
  }, watch.patienceMs)
  try {
    const answers = await Promise.race([patience, Promise.all(workers.map(answerOf<Answer>))])
    return answers === 'stuck' ? { state: 'stuck' } : { state: 'done', answers }
  } finally {
    clearInterval(timer)
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

/** The answers of threads that all came to their end. */
export async function answersOf<Answer>(
  entry: URL,
  data: readonly object[],
  watch?: Watch,
  mutants?: readonly Mutant[],
): Promise<readonly Answer[]> {
  const outcome = await runThreads<Answer>(entry, data, watch, mutants)
  if (outcome.state === 'stuck') throw new Error('the threads do not get on')
  return outcome.answers
}

/** Whether a broken structure was seen to fail within a few rounds. */
export async function failsWithin(
  rounds: number,
  failsOnce: () => Promise<boolean>,
): Promise<boolean> {
  for (let round = 0; round < rounds; round++) if (await failsOnce()) return true
  return false
}

/**
 * The outcome of the first contest in which the threads met, or of the last one: on a busy machine they may run one after
 * the other. What must hold in any case is for the contest to say.
 */
export async function untilTheyMeet<Outcome>(
  contest: () => Promise<Outcome>,
  met: (outcome: Outcome) => boolean,
): Promise<Outcome> {
  for (let left = MOST_CONTESTS; ; left--) {
    const outcome = await contest()
    if (left === 1 || met(outcome)) return outcome
  }
}

const MOST_CONTESTS = 10

function answerOf<Answer>(worker: Worker): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}
