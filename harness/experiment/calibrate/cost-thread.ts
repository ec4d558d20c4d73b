import { on } from 'node:events'
import { type MessagePort, Worker } from 'node:worker_threads'
import { type CrossoverError, runError } from '../../base/errors.ts'
import { MS_PER_SECOND, NS_PER_SECOND } from '../../base/units.ts'
import { SINGLE_ROWS, type SingleRow } from '../../results/calibrate.ts'
import { formatTime } from '../../words/format.ts'
import { type CalibrationContext, type CalibrationPlan, MOST_WARM_UP_ROUNDS } from './plan.ts'
import type { SingleCostsReply, SingleCostsRequest } from './single-costs.worker.ts'

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
    return failure(
      'calibration-late',
      `not measured within ${formatTime(this.#limitSeconds * NS_PER_SECOND)}`,
    )
  }
}

function isFailed(reply: { readonly kind: string }): reply is FailedReply {
  return reply.kind === 'failed'
}

function failure(code: string, what: string): CrossoverError {
  return runError(code, `calibration failed: ${what}`)
}

/** Beyond the planned time: start-up, and a machine that others use. */
const GRACE_SECONDS = 30

const WHY_ABSENT: Readonly<Partial<Record<SingleRow, string>>> = {
  'system-call': 'needs Linux and the optional package koffi',
  'minor-page-fault': 'faults are not counted here, or pages are huge',
}

/** What runs on one thread, measured on a thread of its own, pinned to the first processor. */
export async function measureSingleCosts(
  context: CalibrationContext,
  { rounds, sliceSeconds, endsAtSeconds }: CalibrationPlan['single'],
): Promise<void> {
  const { originNs, cpus, setAffinity, figures, signal } = context
  const mostSlices = (rounds + MOST_WARM_UP_ROUNDS) * SINGLE_ROWS.length
  const thread = new CostThread<SingleCostsReply>({
    entry: new URL('single-costs.worker.ts', import.meta.url),
    data: { originNs, rounds, sliceSeconds } satisfies SingleCostsRequest,
    limitSeconds: 2 * mostSlices * sliceSeconds + GRACE_SECONDS,
    signal,
  })
  try {
    for (
      let round = 0;
      round < rounds && (round === 0 || context.elapsedSeconds() < endsAtSeconds);
    ) {
      const reply = await thread.next()
      if (reply.kind === 'ready') {
        if (reply.threadId !== null) setAffinity?.(reply.threadId, cpus.slice(0, 1))
        for (const name of SINGLE_ROWS) {
          if (!reply.names.includes(name))
            figures.setAbsent(name, WHY_ABSENT[name] ?? 'cannot be run here')
        }
        context.tell('one thread: until the compiler is done')
        continue
      }
      if (reply.isWarmUp) continue
      for (const name of SINGLE_ROWS) {
        const figure = reply.figures[name]
        if (figure !== undefined) figures.add(name, figure)
      }
      round++
      context.tell(`one thread, round ${round} of ${rounds}`)
    }
  } finally {
    await thread.end()
  }
}
