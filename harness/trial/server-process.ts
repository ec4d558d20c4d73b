import { type CrossoverError, runError, usageError } from '../base/errors.ts'
import { childrenOf, largestResidentBytes } from '../measure/os-counters.ts'
import { processSeconds } from '../measure/runtime-time.ts'
import { MessageProcess, SERVER_FLAGS } from './message-process.ts'
import type { ServerProcessOrder, ServerProcessReply, ServerStart } from './serve-orders.ts'
import type {
  Capacity,
  CapacityPlan,
  ServerUnderTest,
  ServerUsage,
  TracedTrial,
  TrialOrder,
  WarmUp,
  WarmUpPlan,
} from './server-under-test.ts'

/** One deployment in a process of its own; parked, the process is stopped as a whole. */
export class ServerProcess implements ServerUnderTest {
  readonly arm: string
  readonly #start: ServerStart
  readonly #interruption: AbortSignal
  readonly #flags: readonly string[]
  #process: MessageProcess<ServerProcessOrder, ServerProcessReply> | undefined
  #usage: ServerUsage = { cpuSeconds: null, largestResidentBytes: null }
  #hasEnded = false

  /** @param flags of the runtime */
  constructor(
    start: ServerStart,
    interruption: AbortSignal,
    flags: readonly string[] = SERVER_FLAGS,
  ) {
    this.arm = start.order.arm.label
    this.#start = start
    this.#interruption = interruption
    this.#flags = flags
  }

  async start(): Promise<void> {
    this.#process = new MessageProcess(
      new URL('server.process.ts', import.meta.url),
      { endedCode: 'server-ended', subject: `the process of arm=${this.arm}` },
      this.#interruption,
      this.#flags,
    )
    await this.#ask({ kind: 'start', start: this.#start }, 'started')
  }

  async warmUp(plan: WarmUpPlan): Promise<WarmUp> {
    return (await this.#ask({ kind: 'warm-up', plan }, 'warm')).warmUp
  }

  async sustains(plan: CapacityPlan): Promise<Capacity> {
    return (await this.#ask({ kind: 'sustain', plan }, 'capacity')).capacity
  }

  async play(order: TrialOrder): Promise<TracedTrial> {
    return (await this.#ask({ kind: 'play', order }, 'played')).traced
  }

  park(): void {
    this.#process?.signal('SIGSTOP')
  }

  resume(): void {
    this.#process?.signal('SIGCONT')
  }

  usage(): ServerUsage {
    const id = this.#process?.processId
    if (id === undefined || this.#hasEnded) return this.#usage
    // Over HTTP its client is a child of it.
    const processes = [id, ...childrenOf(id)]
    const cpuSeconds = processes.reduce((sum, one) => sum + processSeconds(one), 0)
    const resident = processes.map((one) => largestResidentBytes(one)).filter((one) => one !== null)
    const largest = resident.length === 0 ? null : resident.reduce((sum, bytes) => sum + bytes)
    if (cpuSeconds > 0) this.#usage = { cpuSeconds, largestResidentBytes: largest }
    return this.#usage
  }

  async stop(): Promise<void> {
    // Of a process that is gone nothing can be read.
    this.usage()
    this.#hasEnded = true
    await this.#process?.end()
  }

  async #ask<Kind extends ServerProcessReply['kind']>(
    order: ServerProcessOrder,
    kind: Kind,
  ): Promise<Extract<ServerProcessReply, { kind: Kind }>> {
    const asked = this.#process
    if (asked === undefined) throw runError('server', `not started: arm=${this.arm}`)
    asked.send(order)
    const reply = await asked.next()
    if (reply.kind === 'failed') throw asError(reply)
    if (reply.kind !== kind)
      throw runError('server', `the server replied out of turn: arm=${this.arm} kind=${reply.kind}`)
    return reply as Extract<ServerProcessReply, { kind: Kind }>
  }
}

function asError(reply: Extract<ServerProcessReply, { kind: 'failed' }>): CrossoverError {
  const { code, message, cure, isUsage } = reply
  return isUsage ? usageError(code, message, cure ?? '') : runError(code, message, cure)
}
