import autocannon from 'autocannon'
import type { Clock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import { NS_PER_MS } from '../base/units.ts'
import {
  createRecorder,
  type RecorderMemory,
  TOTAL,
  windowsFor,
} from '../measure/recorder-layout.ts'
import { Recorder, RepliesByHalf } from '../measure/recorder.ts'
import type { PortTrace } from '../workload/trace-layout.ts'
import { type LoadAnswers, noAnswers, type PortLoad } from './load-plan.ts'
import { REFUSED, type ReplyCheck, type RequestTexts } from './reply-check.ts'
import type { TrialFaults } from './steady-usage.ts'

/** autocannon stops at its next sample only. */
const SAMPLE_MS = 20
/** It is always stopped before: a day. */
const LONGEST_SECONDS = 86_400
/** Seconds without a reply after which autocannon connects anew. */
const TIMEOUT_SECONDS = 10

/** Of autocannon's client; its types leave out these events and this method. */
interface ProbeClient {
  on(event: 'request', listener: () => void): void
  on(event: 'connError', listener: (error: Error) => void): void
  destroy(): void
}

/** Its own histograms, 2 MB each for three-digit milliseconds, are not wanted. */
const NO_HISTOGRAM = { __custom: true, recordValue: () => {}, destroy: () => {} }
const NO_HISTOGRAMS = {
  latencies: NO_HISTOGRAM,
  requests: NO_HISTOGRAM,
  throughput: NO_HISTOGRAM,
}

/** What a connection of the probe needs; the last four are shared by all. */
export interface ProbeConnectionParts {
  readonly url: string
  readonly port: number
  readonly pipelining: number
  /** Of its port. */
  readonly played: ProbeTrace
  /** The requests that it sends in turn: so many positions of the trace from this one on. */
  readonly firstPosition: number
  readonly positionCount: number
  readonly texts: RequestTexts
  readonly check: ReplyCheck
  readonly faults: TrialFaults
  readonly clock: Clock
}

/**
 * One connection that always has as many requests in flight as it may: an autocannon instance of its own, so that each sends
 * its own requests. A connection that breaks is not replaced: autocannon would take the replies on the new one for those to
 * the requests of the old one.
 */
export class ProbeConnection {
  readonly #parts: ProbeConnectionParts
  readonly #instance: autocannon.Instance
  /** Resolves when it has ended. */
  readonly ended: Promise<void>
  #client: ProbeClient | undefined
  #sent = 0
  #replies = 0
  #isRefusal = false
  #isBroken = false

  constructor(parts: ProbeConnectionParts) {
    this.#parts = parts
    const ended = Promise.withResolvers<void>()
    this.ended = ended.promise
    const options = {
      url: parts.url,
      connections: 1,
      pipelining: parts.pipelining,
      duration: LONGEST_SECONDS,
      timeout: TIMEOUT_SECONDS,
      sampleInt: SAMPLE_MS,
      excludeErrorStats: true,
      skipAggregateResult: true,
      histograms: NO_HISTOGRAMS,
      requests: Array.from({ length: parts.positionCount }, (_, offset) =>
        this.#request(parts.firstPosition + offset),
      ),
      setupClient: (client: unknown) => this.#watch(client as ProbeClient),
    }
    let rejected: unknown = null
    this.#instance = autocannon(options, (error: unknown) => {
      rejected = error
      ended.resolve()
    })
    // Options are checked at once.
    if (rejected !== null)
      throw runError('probe', 'autocannon rejected its options', undefined, rejected)
    this.#instance.on('response', (_client, _status, _bytes, ms) => this.#onResponse(ms))
  }

  get isBroken(): boolean {
    return this.#isBroken
  }

  /** Sent and not answered. */
  get inFlight(): number {
    return this.#isBroken ? 0 : this.#sent - this.#replies
  }

  /** Ends at autocannon's next sample; see `ended`. */
  stop(): void {
    this.#instance.stop()
  }

  /** What is in flight is not waited for any more. Tells how much it is. */
  giveUp(): number {
    const count = this.inFlight
    const { played, firstPosition, positionCount } = this.#parts
    for (let i = 0; i < count; i++)
      played.remembered.uncertain[firstPosition + ((this.#replies + i) % positionCount)]!++
    return count
  }

  #request(position: number): autocannon.Request {
    const { texts, played } = this.#parts
    const { trace } = played
    const request = trace.requests[position]!
    return {
      path: texts.target(request, trace.services[position] ?? 0),
      ...(texts.isUpdate(request)
        ? { method: 'PUT', body: texts.payload(position) }
        : { method: 'GET' }),
      onResponse: (status, body, _context, headers) =>
        this.#onReply(position, status, body, headers ?? {}),
    }
  }

  #watch(client: ProbeClient): void {
    this.#client = client
    client.on('connError', (error) => this.#break(error.message || error.name))
    client.on('request', () => {
      // It sends more than it may when it has connected anew, which it tells nobody after the server closed the connection.
      if (this.#sent - this.#replies >= this.#parts.pipelining)
        this.#break('the server closed the connection, or did not answer on it')
      else this.#sent++
    })
  }

  /** Called before `#onResponse`, which knows the latency. */
  #onReply(position: number, status: number, body: string, headers: object): void {
    if (this.#isBroken) return
    const { played, check, faults, port } = this.#parts
    this.#isRefusal = status === REFUSED
    if (this.#isRefusal) {
      played.remembered.refusals[position]!++
      return
    }
    played.remembered.answered[position]!++
    const what = check.remember(played, position, status, entityTagOf(headers), body)
    if (what !== undefined) faults.wrongReply(port, played.trace, position, what)
  }

  #onResponse(ms: number): void {
    if (this.#isBroken) return
    const { played, clock } = this.#parts
    this.#replies++
    played.reply(clock.nowNs(), ms * NS_PER_MS, this.#isRefusal)
  }

  #break(message: string): void {
    if (this.#isBroken) return
    const { faults } = this.#parts
    faults.connectionError(message)
    faults.lost += this.giveUp()
    this.#isBroken = true
    // Not at once: autocannon is about to write to the connection.
    queueMicrotask(() => this.#client?.destroy())
  }
}

/** Names of headers come as the server wrote them. */
function entityTagOf(headers: object): string | undefined {
  for (const [name, value] of Object.entries(headers)) {
    if (name.length === 4 && name.toLowerCase() === 'etag') return String(value)
  }
  return undefined
}

/** What the probe's connections to one port remember: by position for the whole trial, latencies by phase. */
export class ProbeTrace {
  readonly trace: PortTrace
  readonly warmUpMemory: RecorderMemory
  readonly remembered: LoadAnswers & { readonly answered: Int32Array }
  readonly #warmUpCount: number
  readonly #steadyMemory: RecorderMemory
  readonly #warmUp: Recorder
  readonly #steady: Recorder
  readonly #dueNs = new Float64Array(1)
  readonly #recorded = new Int32Array(1)
  readonly #replied = new Float64Array(1)
  #received = 0
  #refused = 0
  #repliesSinceEnd = 0
  readonly #replies = new RepliesByHalf()

  /** @param warmUpCount requests of the warm-up's trace, which is not played. */
  constructor(trace: PortTrace, warmUpCount: number, longestWarmUpNs: number, steadyNs: number) {
    this.trace = trace
    this.remembered = { ...noAnswers(trace.count), answered: new Int32Array(trace.count) }
    this.#warmUpCount = warmUpCount
    this.warmUpMemory = createRecorder(windowsFor(longestWarmUpNs))
    this.#steadyMemory = createRecorder(windowsFor(steadyNs))
    this.#warmUp = new Recorder(this.warmUpMemory)
    this.#steady = new Recorder(this.#steadyMemory)
  }

  startWarmUp(startNs: number): void {
    this.#warmUp.begin(startNs)
  }

  announceSteady(startNs: number, endNs: number): void {
    this.#steady.begin(startNs)
    this.#replies.begin(startNs, endNs)
  }

  /** Replies of any kind after the steady state. */
  repliesSinceEnd(): number {
    return this.#repliesSinceEnd
  }

  /** A reply came to a request that was sent `latencyNs` ago. */
  reply(nowNs: number, latencyNs: number, isRefusal: boolean): void {
    const { startNs, endNs } = this.#replies
    const sentNs = nowNs - latencyNs
    if (nowNs > endNs) this.#repliesSinceEnd++
    const isSteady = sentNs >= startNs && sentNs < endNs
    if (isRefusal) {
      if (isSteady) this.#refused++
      return
    }
    this.#replied[0] = nowNs
    this.#replies.add(1, this.#replied)
    if (sentNs >= endNs) return
    this.#dueNs[0] = sentNs
    if (isSteady) this.#received++
    const recorder = isSteady ? this.#steady : this.#warmUp
    recorder.record(this.#dueNs, this.#recorded, 0, 1, this.#replied)
  }

  finish(): PortLoad {
    const steady = this.#steady
    steady.totals[TOTAL.received] = this.#received
    steady.totals[TOTAL.refused] = this.#refused
    this.#replies.writeTo(steady.totals)
    steady.totals[TOTAL.finished] = 1
    return {
      warmUp: noAnswers(this.#warmUpCount),
      steady: this.remembered,
      recorder: this.#steadyMemory,
    }
  }
}
