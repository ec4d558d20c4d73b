import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { runError } from '../../../harness/base/errors.ts'
import { MS_PER_SECOND } from '../../../harness/base/units.ts'

/** `cpp`: polling reactors (sharded.cpp). `java`: classic stages (Staged.java). */
export type ReferenceKind = 'cpp' | 'java'

/** A compiled reference; its folder is removed when this process exits. */
export interface Program {
  readonly kind: ReferenceKind
  readonly command: string
  /** In front of the reference's own. */
  readonly args: readonly string[]
}

/** How a reference is laid out. */
export interface ReferenceOptions {
  /** One reactor or network thread per processor; the process stays on them. */
  readonly cpus: readonly number[]
  /** Of each stage; java only. @default 1 */
  readonly threads?: number
  /** How long a thread spins before it parks; java only. @default 0 */
  readonly spinMicros?: number
  /** Most requests that a thread takes from a queue at once; java only. @default 256 */
  readonly batch?: number
}

/** One trial. */
export interface ReferenceOrder {
  /** 0 for a closed window: the saturated throughput. */
  readonly offeredPerSecond: number
  /** Of the steady state. */
  readonly seconds: number
  /** Played before it at the same load, not measured. */
  readonly settleSeconds: number
  /** Of the trace: both references draw the same one from it. A whole number below 2⁵³. */
  readonly seed: number
}

/**
 * What came of a trial. Percentiles are over every request due in the steady state, by latency since the intended start;
 * null where they fall on requests that were never answered.
 */
export interface ReferenceTrial {
  readonly offeredPerSecond: number
  /** In the steady state; in a closed window as many as were taken. */
  readonly due: number
  readonly dueFirstHalf: number
  /** Of those due, up to the drain's end, half a second after the steady state. */
  readonly answered: number
  /** Replies given in that half of the steady state, whenever their requests were due. */
  readonly answeredFirstHalf: number
  readonly answeredSecondHalf: number
  /** Both halves' replies over the steady state. */
  readonly achievedPerSecond: number
  readonly p50Ns: number | null
  readonly p90Ns: number | null
  readonly p99Ns: number | null
  readonly p999Ns: number | null
  /** Of those answered. */
  readonly maxNs: number
  /** Always 0: a wrong answer ends the process, and `play` rejects. */
  readonly wrong: number
  /** How often threads parked, settling and drain included. */
  readonly parks: number
}

/** No trial takes so much longer than its order says. */
const LONGEST_DELAY_SECONDS = 30

/** Objects are made only when threads park: the collector does not run for many seconds. */
const JAVA_FLAGS = ['-XX:+UseSerialGC', '-Xms512m', '-Xmx512m']

const execute = promisify(execFile)

function sourcePath(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

async function runCompiler(command: string, args: readonly string[], cure: string): Promise<void> {
  try {
    await execute(command, args)
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw isMissing
      ? runError('no-compiler', `${command} is not installed`, `install it: ${cure}`, error)
      : runError('not-compiled', `${command} failed`, 'its message is the cause', error)
  }
}

/**
 * A reference server in a process of its own. It is silent between orders: its threads are parked, and `park` stops the
 * process as a whole, so that a virtual machine's own threads are, too. One order at a time.
 */
export class ReferenceProcess {
  readonly #child: ChildProcess
  readonly #kind: ReferenceKind
  readonly #lines: AsyncIterator<string>
  readonly #closed: Promise<void>
  #failure: unknown
  #isParked = false

  /** This process may end at any time: nobody else would end one that is stopped. */
  readonly #onExit = () => this.#child.kill('SIGKILL')

  /** Compiles a reference into a new temporary folder; about five seconds. */
  static async compile(kind: ReferenceKind): Promise<Program> {
    const folder = mkdtempSync(join(tmpdir(), 'crossover-reference-'))
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    if (kind === 'cpp') {
      const command = join(folder, 'sharded')
      const flags = ['-O3', '-std=c++20', '-pthread', '-o', command]
      await runCompiler('g++', [...flags, sourcePath('sharded.cpp')], 'apt-get install g++')
      return { kind, command, args: [] }
    }
    const sources = ['KvUpdate.java', 'Staged.java'].map(sourcePath)
    await runCompiler('javac', ['-d', folder, ...sources], 'apt-get install default-jdk-headless')
    return { kind, command: 'java', args: [...JAVA_FLAGS, '-cp', folder, 'Staged'] }
  }

  /** Starts a process that waits for orders. */
  static start(program: Program, options: ReferenceOptions): ReferenceProcess {
    return new ReferenceProcess(program, options)
  }

  private constructor({ kind, command, args }: Program, options: ReferenceOptions) {
    this.#kind = kind
    const cpus = options.cpus.join(',')
    const own = ['--cpus', cpus]
    if (kind === 'java') {
      const { threads = 1, spinMicros = 0, batch = 256 } = options
      own.push('--threads', `${threads}`, '--spin', `${spinMicros}`, '--batch', `${batch}`)
    }
    const child = spawn('taskset', ['-c', cpus, command, ...args, ...own], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#child = child
    this.#closed = new Promise((resolve) => {
      child.once('close', () => resolve())
      child.once('error', (error) => {
        this.#failure = error
        if (child.pid === undefined) resolve()
      })
    })
    // To a process that has ended nothing can be written: `play` says that it has.
    child.stdin.on('error', (error) => (this.#failure ??= error))
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    process.once('exit', this.#onExit)
  }

  /** Undefined when it could not be started. */
  get processId(): number | undefined {
    return this.#child.pid
  }

  /** Until its code is compiled: half of the time over a closed window, half at a load; nothing of it is measured. */
  async warmUp(offeredPerSecond: number, seconds: number): Promise<void> {
    const half = { seconds: seconds / 2, settleSeconds: 0, seed: 0 }
    await this.play({ ...half, offeredPerSecond: 0 })
    await this.play({ ...half, offeredPerSecond })
  }

  /** Plays one trial. @throws when an answer was wrong or the process ended; it is of no use any more then. */
  async play(order: ReferenceOrder): Promise<ReferenceTrial> {
    if (this.#isParked)
      throw new Error('a reference that is parked must be resumed before it plays')
    const { offeredPerSecond: rate, seconds, settleSeconds: settle, seed } = order
    this.#child.stdin!.write(`${JSON.stringify({ rate, seconds, settle, seed })}\n`)
    const limitMs = (settle + seconds + LONGEST_DELAY_SECONDS) * MS_PER_SECOND
    const limit = setTimeout(() => this.#child.kill('SIGKILL'), limitMs)
    const line = await this.#lines.next()
    clearTimeout(limit)
    if (line.done === true) throw await this.#endedEarly()
    const trial = JSON.parse(line.value) as ReferenceTrial
    if (trial.wrong !== 0)
      throw runError(
        'wrong-answer',
        `wrong answers of ${this.#title()}: ${trial.wrong}`,
        'a defect of the reference; its figures are void',
      )
    return trial
  }

  /** Stops it between two orders: it uses no processor time until it is resumed. */
  park(): void {
    this.#isParked = true
    this.#child.kill('SIGSTOP')
  }

  resume(): void {
    this.#isParked = false
    this.#child.kill('SIGCONT')
  }

  /** Ends it by force, parked or not, and returns when it is gone. */
  async stop(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#closed
    process.off('exit', this.#onExit)
  }

  #title(): string {
    return `the reference in ${this.#kind === 'cpp' ? 'C++' : 'Java'}`
  }

  async #endedEarly(): Promise<Error> {
    await this.#closed
    const { exitCode, signalCode } = this.#child
    const how = signalCode === null ? `code=${exitCode}` : `signal=${signalCode}`
    const cure =
      'is taskset installed, and are the processors of this machine? otherwise its message is above'
    return runError('reference-ended', `${this.#title()} ended early: ${how}`, cure, this.#failure)
  }
}
