import { on } from 'node:events'
import { type MessagePort, Worker } from 'node:worker_threads'
import { type CrossoverError, runError } from '../../base/errors.ts'
import { MS_PER_SECOND } from '../../base/units.ts'

/** What is common to the replies of every thread that measures. */
interface FailedReply {
  readonly kind: 'failed'
  readonly code: string
  readonly message: string
}

/** What such a thread is started with. */
interface CostThreadStart {
  readonly entry: URL
  readonly data: object
  /** Ports in `data`. */
  readonly transfer?: MessagePort[]
  /** It and its peers are ended by force after so long. */
  readonly limitSeconds: number
  readonly signal: AbortSignal
}

/** A thread that measures costs, and its replies in order. */
export class CostThread<Reply extends { readonly kind: string }> {
  readonly #worker: Worker
  readonly #replies: AsyncIterator<readonly (Reply | FailedReply)[]>
  readonly #signal: AbortSignal
  readonly #limit: AbortSignal
  readonly #limitSeconds: number

  constructor({ entry, data, transfer = [], limitSeconds, signal }: CostThreadStart) {
    this.#worker = new Worker(entry, { workerData: data, transferList: transfer, stdin: false })
    this.#signal = signal
    this.#limitSeconds = limitSeconds
    this.#limit = AbortSignal.timeout(Math.ceil(limitSeconds * MS_PER_SECOND))
    this.#replies = on(this.#worker, 'message', {
      signal: AbortSignal.any([signal, this.#limit]),
      close: ['exit'],
    })
  }

  send(message: object): void {
    this.#worker.postMessage(message)
  }

  /** The next reply. @throws when the thread failed or ended, when the time is over, and when the user stopped it. */
  async next(): Promise<Exclude<Reply, FailedReply>> {
    const { value, done } = await this.#replies.next().catch((error: unknown) => {
      throw this.#reasonOf(error)
    })
    if (done === true) throw failure('calibration-ended', 'a thread ended before it had measured')
    const [reply] = value as readonly [Exclude<Reply, FailedReply> | FailedReply]
    if (isFailed(reply)) throw failure(reply.code, reply.message)
    return reply
  }

  /** Ends it, wherever it is. */
  async end(): Promise<void> {
    await this.#worker.terminate()
  }

  #reasonOf(error: unknown): unknown {
    if (this.#signal.aborted) return runError('interrupted', 'the calibration was interrupted')
    if (!this.#limit.aborted) return error
    return failure('calibration-late', `not measured within ${this.#limitSeconds.toFixed(1)} s`)
  }
}

function isFailed(reply: { readonly kind: string }): reply is FailedReply {
  return reply.kind === 'failed'
}

function failure(code: string, what: string): CrossoverError {
  return runError(code, `calibration failed: ${what}`)
}
