import { setTimeout as delay } from 'node:timers/promises'
import { CrossoverError } from '../base/errors.ts'
import type { Arm } from '../contract/architecture.ts'
import { type FigureValues, readAllFigures } from '../ports/http/port-figures.ts'
import { Control } from '../ports/replay/control.ts'
import type { ListenRequest, TrialMemory } from '../server/server-memory.ts'
import type { ServerThreads } from '../server/server-threads.ts'
import type { TrialContext } from './measured.ts'
import { startThreads } from './start-threads.ts'

/** Until connections that are still open are torn down. */
const LONGEST_CLOSING_MS = 2_000
const CLOSING_LOOK_MS = 20
const FAILURE_LOOK_MS = 500

/** One architecture as an HTTP server by itself: the threads of a trial, without a client. */
export class HttpServer {
  readonly #memory: TrialMemory
  readonly #threads: ServerThreads
  readonly #control: Control

  private constructor(memory: TrialMemory, threads: ServerThreads) {
    this.#memory = memory
    this.#threads = threads
    this.#control = new Control(memory.control)
  }

  /**
   * @param spinners processors on which a thread may spin. @default all
   * @throws when a thread fails, e.g. since its port cannot be listened on.
   */
  static async start(
    context: TrialContext,
    arm: Arm,
    listen: ListenRequest,
    spinners = context.cpus.length,
  ): Promise<HttpServer> {
    const { memory, threads } = await startThreads(context, arm, {
      listen,
      room: null,
      spinners,
      sabotage: {},
    })
    return new HttpServer(memory, threads)
  }

  /** Of each port. */
  figures(): readonly FigureValues[] {
    return readAllFigures(this.#memory.figures!)
  }

  /** Serves until the signal is aborted. @throws the failure of a thread. */
  async serveUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#threads.sleep(FAILURE_LOOK_MS, signal)
      } catch (error) {
        if (error instanceof CrossoverError && error.code === 'interrupted') return
        throw error
      }
    }
  }

  /** Accepts no more connections, answers what is in flight, ends the threads. */
  async stop(): Promise<void> {
    this.#control.closePorts()
    for (let waitedMs = 0; waitedMs < LONGEST_CLOSING_MS; waitedMs += CLOSING_LOOK_MS) {
      if (this.figures().every(({ connections }) => connections === 0)) break
      await delay(CLOSING_LOOK_MS)
    }
    this.#control.stop()
    await this.#threads.stop()
  }
}
