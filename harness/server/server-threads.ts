import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { CrossoverError, runError } from '../base/errors.ts'
import { MS_PER_SECOND } from '../base/units.ts'
import type { FailedMessage, ReadyMessage, ThreadDeployment } from './deployment.ts'

/** Of each thread's heap, young generation. */
const YOUNG_MB = 2
const READY_LIMIT_SECONDS = 30
/** Longer than a thread sleeps at most: each is to end by itself and tell what it counted. */
const STOP_LIMIT_MS = 150

/** What ends a run that the user stopped. */
export function interrupted(): CrossoverError {
  return runError(
    'interrupted',
    'the run was interrupted',
    'start it again, of claims with --resume <folder>; --budget makes it end by itself',
  )
}

/** The threads of one server, from spawning to the end. */
export class ServerThreads {
  readonly #workers: Worker[] = []
  readonly #threadIds: (number | null)[] = []
  readonly #heapBytes: number[] = []
  #clockErrorNs = 0
  #running = 0
  #failure: Error | undefined
  #stopping = false
  #wake: () => void = () => {}

  /**
   * Spawns all threads and waits until each has built its part.
   * @throws when one fails or none answers in 30 s.
   */
  static async start(
    deployments: readonly ThreadDeployment[],
    where: string,
    signal: AbortSignal,
  ): Promise<ServerThreads> {
    const threads = new ServerThreads()
    const limit = new AbortController()
    const late = delay(READY_LIMIT_SECONDS * MS_PER_SECOND, undefined, {
      signal: limit.signal,
      ref: false,
    }).then(() => {
      throw runError('threads-late', `threads not ready within ${READY_LIMIT_SECONDS} s: ${where}`)
    })
    late.catch(() => {})
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(interrupted()), { signal: limit.signal })
      if (signal.aborted) reject(interrupted())
    })
    aborted.catch(() => {})
    try {
      // Inside: a thread that cannot even be made throws here, when others run already.
      const ready = deployments.map((deployment, index) => threads.#spawn(deployment, index, where))
      for (const one of ready) one.catch(() => {})
      await Promise.race([Promise.all(ready), late, aborted])
    } catch (error) {
      await threads.stop()
      throw error
    } finally {
      limit.abort()
    }
    return threads
  }

  #spawn(deployment: ThreadDeployment, index: number, where: string): Promise<void> {
    const { name } = deployment.plan
    const worker = new Worker(new URL('server.worker.ts', import.meta.url), {
      name,
      workerData: deployment,
      stdin: false,
      // Small: the measured path allocates nothing.
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    })
    this.#workers.push(worker)
    this.#running++
    return new Promise((resolve, reject) => {
      const fail = (code: string, message: string) => {
        const failure = runError(code, `thread failed: ${where} thread=${name}: ${message}`)
        this.fail(failure)
        reject(failure)
      }
      worker.on('message', (message: ReadyMessage | FailedMessage) => {
        if (message.kind === 'failed') return fail(message.code, message.message)
        this.#threadIds[index] = message.threadId
        this.#heapBytes[index] = message.heapBytes
        this.#clockErrorNs = Math.max(this.#clockErrorNs, message.clockErrorNs)
        resolve()
      })
      worker.on('error', (error: Error) => fail('thread-error', error.message))
      worker.on('exit', () => {
        this.#running--
        if (!this.#stopping) fail('thread-ended', 'it ended before the trial did')
        this.#wake()
      })
    })
  }

  /** Kernel ids in the order of the deployments. */
  get threadIds(): readonly (number | null)[] {
    return this.#threadIds
  }

  /**
   * Sleeps, or ends early when a thread fails or something is `done`.
   * @throws the first failure of a thread; the signal's own reason when that is an error of ours, else `interrupted`.
   */
  async sleep(ms: number, signal: AbortSignal, done?: AbortSignal): Promise<void> {
    if (this.#failure) throw this.#failure
    if (signal.aborted) throw reasonOf(signal)
    if (done?.aborted) return
    const timer = new AbortController()
    const stop = () => timer.abort()
    this.#wake = stop
    signal.addEventListener('abort', stop)
    done?.addEventListener('abort', stop)
    await delay(Math.max(0, ms), undefined, { signal: timer.signal }).catch(() => {})
    signal.removeEventListener('abort', stop)
    done?.removeEventListener('abort', stop)
    this.#wake = () => {}
    if (this.#failure) throw this.#failure
    if (signal.aborted) throw reasonOf(signal)
  }

  /** Ends the trial with this failure, unless a thread has failed already. */
  fail(failure: Error): void {
    this.#failure ??= failure
    this.#wake()
  }

  /** Heap of each thread when it was ready; the measured path allocates nothing. */
  get heapBytes(): readonly number[] {
    return this.#heapBytes
  }

  /** How far the clock of some thread was from the system's at most, when it was ready. */
  get clockErrorNs(): number {
    return this.#clockErrorNs
  }

  /** Ends every thread: those that see the stop word in time by themselves, the others by force. */
  async stop(limitMs = STOP_LIMIT_MS): Promise<void> {
    this.#stopping = true
    for (let waitedMs = 0; this.#running > 0 && waitedMs < limitMs; waitedMs += 5) await delay(5)
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }
}

function reasonOf(signal: AbortSignal): CrossoverError {
  return signal.reason instanceof CrossoverError ? signal.reason : interrupted()
}
