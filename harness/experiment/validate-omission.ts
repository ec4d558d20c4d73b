import { type ChildProcess, fork } from 'node:child_process'
import { on } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { monotonicOriginNs } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import { combineSeeds } from '../base/random.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../base/units.ts'
import type { ArchitectureName } from '../contract/architecture.ts'
import { ARCHITECTURE_NAMES } from '../contract/architecture.ts'
import type { Validation, ValidationRow } from '../results/validation.ts'
import type {
  FrozenPercentile,
  FrozenTrialOrder,
  FrozenTrialReply,
  FrozenTrialRequest,
} from './frozen-trial.process.ts'
import { interrupted } from './server-threads.ts'
import { UNANSWERED_NOTE } from './validate-theory.ts'
import type { ValidationState } from './validation-state.ts'

const OMISSION_LIMIT = 0.05
const FREEZE_MS = 200
const SERVERS = 8
const UTILISATION = 0.5
/** A timer is late; the rest is waited for by reading the clock. */
const TIMER_MARGIN_MS = 5

/** Length of the steady state in which the servers are frozen once. */
export function omissionSeconds(quick: boolean): number {
  return quick ? 2 : 4
}

/**
 * Coordinated omission: all server threads are stopped for 200 ms at a known instant. Whoever measured only what was
 * sent would hide it; here every percentile that the freeze decides must agree with the recursion on the trace.
 */
export async function validateOmission(state: ValidationState): Promise<void> {
  for (const architecture of ARCHITECTURE_NAMES) {
    const subject = `${architecture}, ${SERVERS} servers, frozen for ${FREEZE_MS} ms`
    state.started('omission', subject)
    const { affectedShare, percentiles } = await frozenTrial(state, architecture)
    const decided = percentiles.filter(({ fraction }) => 1 - fraction <= affectedShare / 2)
    for (const percentile of decided) state.add(omissionRow(subject, percentile))
  }
  state.validation.summaries.push(
    omissionSummary(state.validation.rows.filter((row) => row.part === 'omission')),
  )
  state.save()
}

/** The part as a whole. Fails when an architecture has no row: nothing was shown of it. */
export function omissionSummary(rows: readonly ValidationRow[]): Validation['summaries'][number] {
  const passed = rows.filter((row) => row.passed).length
  const untested = ARCHITECTURE_NAMES.filter(
    (architecture) => !rows.some((row) => row.subject.startsWith(`${architecture},`)),
  )
  const gap = untested.length === 0 ? '' : `; it decided none of ${untested.join(' and ')}`
  return {
    part: 'omission',
    passed: untested.length === 0 && passed === rows.length,
    sentence: `a freeze of all server threads: ${passed} of ${rows.length} percentiles that it decides within ${OMISSION_LIMIT * 100} %${gap}`,
  }
}

/** A percentile of the table. Fails where requests were never answered: it is only bounded from below. */
export function omissionRow(subject: string, percentile: FrozenPercentile): ValidationRow {
  const { name, measuredNs, atLeast, expectedNs } = percentile
  const difference = measuredNs / expectedNs - 1
  return {
    part: 'omission',
    subject,
    figure: name,
    measured: measuredNs,
    expected: expectedNs,
    unit: 'ns',
    difference,
    limit: OMISSION_LIMIT,
    passed: !atLeast && Math.abs(difference) <= OMISSION_LIMIT,
    note: atLeast ? UNANSWERED_NOTE : '',
  }
}

type Measured = Extract<FrozenTrialReply, { kind: 'measured' }>

async function frozenTrial(
  state: ValidationState,
  architecture: ArchitectureName,
): Promise<Measured> {
  const { request, signal } = state
  const frozen = new FrozenProcess(new URL('frozen-trial.process.ts', import.meta.url), signal)
  try {
    frozen.send({ kind: 'run', request: trialRequest(request, architecture) })
    for (;;) {
      const reply = await frozen.next()
      if (reply.kind === 'failed')
        throw runError(reply.code, `frozen trial failed: ${reply.message}`)
      if (reply.kind === 'steady') {
        const middleNs = (omissionSeconds(request.quick) * NS_PER_SECOND) / 2
        await frozen.freeze(reply.startNs + BigInt(middleNs))
      } else {
        if (reply.wrong !== null)
          throw runError('void', `void: frozen ${architecture}: ${reply.wrong}`)
        return reply
      }
    }
  } finally {
    await frozen.end()
  }
}

function trialRequest(
  { cpus, quick, seed }: ValidationState['request'],
  architecture: ArchitectureName,
): FrozenTrialRequest {
  return {
    architecture,
    servers: SERVERS,
    utilisation: UTILISATION,
    seconds: omissionSeconds(quick),
    seed: combineSeeds(seed, FREEZE_MS),
    cpus,
  }
}

/**
 * The process of a frozen trial. Its messages are kept from the start until they are asked for, and whatever ends it ends
 * every wait for it, also while it is frozen.
 */
export class FrozenProcess {
  readonly #child: ChildProcess
  readonly #interruption: AbortSignal
  readonly #ended = new AbortController()
  readonly #either: AbortSignal
  readonly #messages: AsyncIterator<unknown[]>
  readonly #closed = Promise.withResolvers<void>()

  /** The program may end at once, by a second Ctrl-C: nobody else would end a process that is stopped. */
  readonly #onExit = () => this.#child.kill('SIGKILL')

  /** @throws when the validation is interrupted already. */
  constructor(path: URL, interruption: AbortSignal) {
    if (interruption.aborted) throw interrupted()
    this.#interruption = interruption
    this.#either = AbortSignal.any([interruption, this.#ended.signal])
    this.#child = fork(path, {
      serialization: 'advanced',
      // What it prints is nobody's result.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    // `close` comes after the last message, `exit` perhaps before it; of no process at all there is only an error.
    this.#child.on('close', () => {
      this.#ended.abort()
      this.#closed.resolve()
    })
    this.#child.on('error', (error) => {
      this.#ended.abort(error)
      if (this.#child.pid === undefined) this.#closed.resolve()
    })
    process.once('exit', this.#onExit)
    this.#messages = on(this.#child, 'message', { signal: this.#either })
  }

  /** To a process that has ended nothing is sent: `next` says why it has. */
  send(message: FrozenTrialOrder): void {
    if (this.#child.connected) this.#child.send(message)
  }

  /** The next message; those that came before the process ended are not lost. */
  async next(): Promise<FrozenTrialReply> {
    try {
      const { value } = (await this.#messages.next()) as { value: [FrozenTrialReply] }
      return value[0]
    } catch (error) {
      if (this.#interruption.aborted) throw interrupted()
      throw runError('frozen-ended', 'the frozen trial’s process ended early', undefined, error)
    }
  }

  /** Stops the process at the instant and lets it go on 200 ms later; tells it when that was. */
  async freeze(atNs: bigint): Promise<void> {
    await this.#until(atNs)
    this.#child.kill('SIGSTOP')
    const fromNs = monotonicOriginNs()
    try {
      await this.#until(fromNs + BigInt(FREEZE_MS * NS_PER_MS))
    } finally {
      this.#child.kill('SIGCONT')
    }
    this.send({ kind: 'frozen', fromNs, untilNs: monotonicOriginNs() })
  }

  /** Ends it by force, and returns when it is gone. */
  async end(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#closed.promise
    process.off('exit', this.#onExit)
  }

  /** Returns early when the process has ended. */
  async #until(ns: bigint): Promise<void> {
    const signal = this.#either
    const leftMs = Number(ns - monotonicOriginNs()) / NS_PER_MS - TIMER_MARGIN_MS
    if (leftMs > 0) await delay(leftMs, undefined, { signal }).catch(() => {})
    if (this.#interruption.aborted) throw interrupted()
    while (!signal.aborted && monotonicOriginNs() < ns);
  }
}
