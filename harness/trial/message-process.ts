import { type ChildProcess, fork } from 'node:child_process'
import { on } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runError } from '../base/errors.ts'
import { interrupted } from '../server/server-threads.ts'

/**
 * Of a server's process. One thread collects: helpers of the collector would take the servers' processors, and a scavenge
 * would wait for them. No Maglev: with two optimising compilers everything hot is compiled twice, and the second one goes on
 * for seconds. Feedback from the first call on and optimisation after 100 calls in place of 3,000: what is rarely called,
 * such as the code for a contended lock, would else be compiled in the middle of a trial.
 */
export const SERVER_FLAGS: readonly string[] = [
  '--single-threaded-gc',
  '--no-maglev',
  '--no-lazy-feedback-allocation',
  '--invocation-count-for-turbofan=100',
  // Each thread empties its young generation before each trial: see `HeapWatch`.
  '--expose-gc',
]
/** What node runs with by itself, apart from what a trial cannot do without. */
export const NODES_OWN_FLAGS: readonly string[] = ['--expose-gc']
/** Of V8 in each process, node's default: they compile while the server starts. */
export const HELPER_THREADS = 4

/** The user's, else where node's own call would have it. */
function compileCache(): string {
  return process.env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'node-compile-cache')
}

/** The user's; a server's own are for its process alone. */
function inheritedFlags(): readonly string[] {
  return process.execArgv.filter((flag) => !SERVER_FLAGS.includes(flag))
}

/** The program may end at once, by a second Ctrl-C: nobody else would end a process that is stopped. One listener ends them all: many servers run at once. */
const running = new Set<ChildProcess>()
function killRunning(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** How errors name a process. */
export interface ProcessTitle {
  /** Code of the error that says that it ended early. */
  readonly endedCode: string
  /** e.g. `the client’s process`. */
  readonly subject: string
}

/**
 * A child process that is told what to do and tells what came of it. Its messages are kept from the start until they are
 * asked for, and whatever ends it ends every wait for it, also while it is stopped.
 */
export class MessageProcess<Order extends object, Reply> {
  readonly #child: ChildProcess
  readonly #title: ProcessTitle
  readonly #interruption: AbortSignal
  readonly #ended = new AbortController()
  readonly #either: AbortSignal
  readonly #messages: AsyncIterator<unknown[]>
  readonly #closed = Promise.withResolvers<void>()

  /** @throws when the run is interrupted already. */
  constructor(
    path: URL,
    title: ProcessTitle,
    interruption: AbortSignal,
    nodeFlags: readonly string[] = [],
  ) {
    if (interruption.aborted) throw interrupted()
    this.#title = title
    this.#interruption = interruption
    this.#either = AbortSignal.any([interruption, this.#ended.signal])
    this.#child = fork(path, {
      serialization: 'advanced',
      // Of the child and all its threads, from their first file on: each would strip and compile the same files anew.
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache() },
      execArgv: [...inheritedFlags(), ...nodeFlags],
      // What it prints is nobody's result.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    // `close` comes after the last message, `exit` perhaps before it; of no process at all there is only an error.
    this.#child.on('close', () => {
      this.#ended.abort(this.#endedEarly())
      this.#closed.resolve()
    })
    this.#child.on('error', (error) => {
      this.#ended.abort(this.#endedEarly(error))
      if (this.#child.pid === undefined) this.#closed.resolve()
    })
    if (running.size === 0) process.on('exit', killRunning)
    running.add(this.#child)
    this.#messages = on(this.#child, 'message', { signal: this.#either })
  }

  get processId(): number | undefined {
    return this.#child.pid
  }

  /** Aborted when the process has ended, with the error that says so. */
  get ended(): AbortSignal {
    return this.#ended.signal
  }

  /** Aborted when the process has ended or the run is interrupted. */
  get stopped(): AbortSignal {
    return this.#either
  }

  /** To a process that has ended nothing is sent: `next` says why it has. */
  send(order: Order): void {
    if (this.#child.connected) this.#child.send(order)
  }

  /** The next message; those that came before the process ended are not lost. */
  async next(): Promise<Reply> {
    try {
      const { value } = (await this.#messages.next()) as { value: [Reply] }
      return value[0]
    } catch (error) {
      if (this.#interruption.aborted) throw interrupted()
      throw this.#endedEarly(error)
    }
  }

  /** Sends a signal, e.g. to stop it for a while. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  /** Ends it by force, and returns when it is gone. */
  async end(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#closed.promise
    running.delete(this.#child)
    if (running.size === 0) process.off('exit', killRunning)
  }

  #endedEarly(cause?: unknown): Error {
    return runError(
      this.#title.endedCode,
      `${this.#title.subject} ended early`,
      'was it killed, or out of memory? what was measured before is kept',
      cause,
    )
  }
}
