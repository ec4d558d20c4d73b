import type { TransportRequest } from '../asked/requests.ts'
import { runError } from '../base/errors.ts'
import type { ClientOrder, ClientReply } from '../load/load-plan.ts'
import { MessageProcess } from './message-process.ts'

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

  /** Ends the process; the next use starts another one. */
  async close(): Promise<void> {
    const ending = this.#process
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

/** How requests reach the servers of a run. */
export type Transport =
  /** A trace in shared memory; no client. */
  { readonly kind: 'replay' } | HttpTransport

/** Real sockets, and a client in a process of its own. */
export interface HttpTransport extends Omit<
  Extract<TransportRequest, { kind: 'http' }>,
  'clientCpus'
> {
  /** The client has no processor of its own. */
  readonly coLocated: boolean
  readonly client: ClientProcess
}
