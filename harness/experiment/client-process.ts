import type { LoadPlan, LoadResult } from '../load/load-plan.ts'
import { runError } from '../base/errors.ts'
import { processCpuSeconds } from '../measure/process-time.ts'
import { MessageProcess } from './message-process.ts'

/** What the client's process is told: where to run, to connect and warm up, and when the steady state begins. */
export type ClientOrder =
  | {
      readonly kind: 'place'
      /** Processors of its main thread. The threads of compilers and collector are not bound to them. */
      readonly cpus: readonly number[]
    }
  | {
      readonly kind: 'play'
      readonly plan: LoadPlan
      /** It shares processors with the servers: without work it leaves them to these. */
      readonly polite: boolean
    }
  | { readonly kind: 'steady-state'; readonly startNs: number }

/** What it tells. */
export type ClientReply =
  | { readonly kind: 'warm'; readonly warmUpNs: number }
  | {
      readonly kind: 'measured'
      readonly result: LoadResult
      /** How far its clock is from the system's. */
      readonly clockErrorNs: number
    }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }

/**
 * One thread collects garbage: helpers of the collector would take the servers' processors, and waking them costs the
 * pacing more than they save (send lateness p99 at 5,000 requests/s: 30–100 µs instead of 110–400 µs).
 */
const CLIENT_FLAGS = ['--single-threaded-gc']

/** The client's process: one for all trials of a server, so that its code stays compiled. Started at its first use. */
export class ClientProcess {
  readonly #signal: AbortSignal
  readonly #cpus: readonly number[] | null
  readonly #onStart: (processId: number) => void
  #process: MessageProcess<ClientOrder, ClientReply> | undefined
  /** Of processes that were replaced. */
  #earlierCpuSeconds = 0

  /** @param cpus of its main thread; null for any. @param onStart told the kernel id of each process. */
  constructor(
    signal: AbortSignal,
    cpus: readonly number[] | null,
    onStart: (processId: number) => void = () => {},
  ) {
    this.#signal = signal
    this.#cpus = cpus
    this.#onStart = onStart
  }

  /** Starts it unless it runs; the signal is aborted when the process has ended. */
  start(): AbortSignal {
    return this.#started().ended
  }

  /** Starts it unless it runs. */
  send(order: ClientOrder): void {
    this.#started().send(order)
  }

  /** The next reply. @throws when the client failed or its process ended. */
  async next(): Promise<Exclude<ClientReply, { kind: 'failed' }>> {
    const reply = await this.#started().next()
    if (reply.kind === 'failed') throw runError(reply.code, `client failed: ${reply.message}`)
    return reply
  }

  /** CPU time of the client's processes so far. */
  cpuSeconds(): number {
    const processId = this.#process?.processId
    return this.#earlierCpuSeconds + (processId === undefined ? 0 : processCpuSeconds(processId))
  }

  /** Ends the process; the next use starts another one. */
  async close(): Promise<void> {
    const ending = this.#process
    this.#earlierCpuSeconds = this.cpuSeconds()
    this.#process = undefined
    await ending?.end()
  }

  #started(): MessageProcess<ClientOrder, ClientReply> {
    if (this.#process === undefined) {
      this.#process = new MessageProcess(
        new URL('http-client.process.ts', import.meta.url),
        { endedCode: 'client-ended', subject: 'the client’s process' },
        this.#signal,
        CLIENT_FLAGS,
      )
      const { processId } = this.#process
      if (processId !== undefined) this.#onStart(processId)
      if (this.#cpus !== null) this.#process.send({ kind: 'place', cpus: this.#cpus })
    }
    return this.#process
  }
}
