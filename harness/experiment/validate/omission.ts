import { setTimeout as delay } from 'node:timers/promises'
import { TRANSPORT_NAMES, type TransportName } from '../../asked/transport.ts'
import { monotonicOriginNs } from '../../base/clock.ts'
import { runError } from '../../base/errors.ts'
import { combineSeeds } from '../../base/random.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../../base/units.ts'
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../../contract/architecture.ts'
import type { Validation, ValidationRow } from '../../results/validate.ts'
import { interrupted } from '../../server/server-threads.ts'
import { MessageProcess } from '../../trial/message-process.ts'
import type {
  FrozenPercentile,
  FrozenTrialOrder,
  FrozenTrialReply,
  FrozenTrialRequest,
} from './frozen-trial.process.ts'
import type { ValidationState } from './state.ts'
import { UNANSWERED_NOTE } from './theory.ts'

/** With sockets and a client, kernel and client add their own to what the recursion knows. */
const OMISSION_LIMITS = { replay: 0.05, http: 0.1 } as const
const FREEZE_MS = 200
const SERVERS = 8
const UTILISATION = 0.5
/** A timer is late; the rest is waited for by reading the clock. */
const TIMER_MARGIN_MS = 5

/** How requests reach the frozen servers: a quick validation leaves real sockets out. */
export function omissionTransports(quick: boolean): readonly TransportName[] {
  return quick ? ['replay'] : TRANSPORT_NAMES
}

/** Length of the steady state in which the servers are frozen once. */
export function omissionSeconds(quick: boolean): number {
  return quick ? 2 : 4
}

/**
 * Coordinated omission: all server threads are stopped for 200 ms at a known instant. Whoever measured only what was
 * sent would hide it; here every percentile that the freeze decides must agree with the recursion on the trace.
 */
export async function validateOmission(state: ValidationState): Promise<void> {
  for (const transport of omissionTransports(state.request.quick)) {
    for (const architecture of ARCHITECTURE_NAMES) {
      const over = transport === 'http' ? ' over HTTP' : ''
      const subject = `${architecture}, ${SERVERS} servers${over}, frozen for ${FREEZE_MS} ms`
      state.started('omission', subject)
      const { affectedShare, percentiles } = await frozenTrial(state, architecture, transport)
      const decided = percentiles.filter(({ fraction }) => 1 - fraction <= affectedShare / 2)
      for (const percentile of decided) {
        state.add(omissionRow(subject, percentile, OMISSION_LIMITS[transport]))
      }
    }
  }
  state.conclude(omissionSummary(state.validation.rows.filter((row) => row.part === 'omission')))
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
    sentence: `a freeze of all server threads: ${passed} of ${rows.length} percentiles that it decides within their limits${gap}`,
  }
}

/** A percentile of the table. Fails where requests were never answered: it is only bounded from below. */
export function omissionRow(
  subject: string,
  percentile: FrozenPercentile,
  limit: number,
): ValidationRow {
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
    limit,
    passed: !atLeast && Math.abs(difference) <= limit,
    note: atLeast ? UNANSWERED_NOTE : '',
  }
}

type Measured = Extract<FrozenTrialReply, { kind: 'measured' }>

async function frozenTrial(
  state: ValidationState,
  architecture: ArchitectureName,
  transport: TransportName,
): Promise<Measured> {
  const { request, signal } = state
  const frozen = new FrozenProcess(new URL('frozen-trial.process.ts', import.meta.url), signal)
  try {
    frozen.send({ kind: 'run', request: trialRequest(request, architecture, transport) })
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
  transport: TransportName,
): FrozenTrialRequest {
  return {
    architecture,
    transport,
    servers: SERVERS,
    utilisation: UTILISATION,
    seconds: omissionSeconds(quick),
    seed: combineSeeds(seed, FREEZE_MS),
    cpus,
  }
}

/** The process of a frozen trial. */
export class FrozenProcess extends MessageProcess<FrozenTrialOrder, FrozenTrialReply> {
  readonly #interruption: AbortSignal

  /** @throws when the validation is interrupted already. */
  constructor(path: URL, interruption: AbortSignal) {
    super(path, { endedCode: 'frozen-ended', subject: 'the frozen trial’s process' }, interruption)
    this.#interruption = interruption
  }

  /** Stops the process at the instant and lets it go on 200 ms later; tells it when that was. */
  async freeze(atNs: bigint): Promise<void> {
    await this.#until(atNs)
    this.signal('SIGSTOP')
    const fromNs = monotonicOriginNs()
    try {
      await this.#until(fromNs + BigInt(FREEZE_MS * NS_PER_MS))
    } finally {
      this.signal('SIGCONT')
    }
    this.send({ kind: 'frozen', fromNs, untilNs: monotonicOriginNs() })
  }

  /** Returns early when the process has ended. */
  async #until(ns: bigint): Promise<void> {
    const signal = this.stopped
    const leftMs = Number(ns - monotonicOriginNs()) / NS_PER_MS - TIMER_MARGIN_MS
    if (leftMs > 0) await delay(leftMs, undefined, { signal }).catch(() => {})
    if (this.#interruption.aborted) throw interrupted()
    while (!signal.aborted && monotonicOriginNs() < ns);
  }
}
