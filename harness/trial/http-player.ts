import { runError } from '../base/errors.ts'
import { NS_PER_MS } from '../base/units.ts'
import type { LoadAnswers, LoadPlan, LoadResult, ClientReply } from '../load/load-plan.ts'
import { bucketAtRank, filledBuckets, fineBucketValue } from '../measure/buckets.ts'
import { encodeHistogram, histogramFromBuckets } from '../results/histogram.ts'
import type { ClientFigures } from '../results/trial-schema.ts'
import type { PlayedAnswers } from '../server/records.ts'
import type { Trace } from '../workload/trace-layout.ts'
import type { HttpTransport } from './client-process.ts'
import type { PlayedTrial, Player, PlayerParts } from './player.ts'

const WINDOW_MS = 100
/** The client's process is told, and may be waiting for a processor. */
const LEAD_NS = 50 * NS_PER_MS

/** What the player needs of its trial. */
export interface HttpParts extends PlayerParts {
  readonly transport: HttpTransport
  readonly originNs: bigint
  /** Null for a closed loop. */
  readonly offeredPerSecond: number | null
  readonly warmUp: Trace
  readonly steady: Trace
}

/** A client in a process of its own plays the trace over real sockets. */
export class HttpPlayer implements Player {
  readonly leadNs = LEAD_NS
  /** Aborted when the run is interrupted or the client's process has ended. */
  readonly signal: AbortSignal
  readonly #parts: HttpParts
  #isDone = false

  constructor(parts: HttpParts) {
    this.#parts = parts
    // Whatever ends the client ends every wait of the trial.
    this.signal = AbortSignal.any([parts.signal, parts.transport.client.start()])
  }

  async warmUp(everyWindow: () => void): Promise<number> {
    const { transport } = this.#parts
    transport.client.send({ kind: 'play', plan: this.#plan(), polite: transport.coLocated })
    const reply = await this.#await(everyWindow)
    if (reply.kind !== 'warm') throw outOfTurn(reply)
    return reply.warmUpNs
  }

  beginSteadyState(startNs: number): void {
    this.#parts.transport.client.send({ kind: 'steady-state', startNs })
  }

  async drain(): Promise<PlayedTrial> {
    const reply = await this.#await(() => {})
    if (reply.kind !== 'measured') throw outOfTurn(reply)
    this.#isDone = true
    return this.#played(reply.result, reply.clockErrorNs)
  }

  /** A client that is still playing is broken off, and its process is replaced before the next trial. */
  async close(): Promise<void> {
    if (!this.#isDone) await this.#parts.transport.client.close()
  }

  /** The client's next reply, or the failure of a server's thread. */
  async #await(everyWindow: () => void): Promise<ClientReply> {
    const { threads, transport } = this.#parts
    let reply: ClientReply | undefined
    const replied = new AbortController()
    const waiting = transport.client.next().then((received) => {
      reply = received
    })
    // Whoever waits below sees it.
    waiting.catch(() => {})
    void waiting.finally(() => replied.abort()).catch(() => {})
    while (!replied.signal.aborted) {
      await threads.sleep(WINDOW_MS, this.signal, replied.signal)
      everyWindow()
    }
    await waiting
    return reply!
  }

  #plan(): LoadPlan {
    const { transport, originNs, times, offeredPerSecond, warmUp, steady } = this.#parts
    const portCount = steady.ports.length
    return {
      originNs,
      target: {
        host: transport.host,
        tcpPorts: Array.from({ length: portCount }, (_, port) => transport.firstTcpPort + port),
        connections: transport.connections,
        pipelining: transport.pipelining,
      },
      warmUp: warmUp.order,
      steady: steady.order,
      offeredPerSecond,
      warmUpSpeed: this.#parts.warmUpSpeed,
      leastWarmUpNs: this.#parts.longWarmUp ? times.longestWarmUpNs : times.leastWarmUpNs,
      longestWarmUpNs: times.longestWarmUpNs,
      steadyNs: times.steadyNs,
      restNs: times.restNs,
      longestDrainNs: times.longestDrainNs,
    }
  }

  #played(result: LoadResult, clientClockErrorNs: number): PlayedTrial {
    const { warmUp, steady } = this.#parts
    if (result.warmUpHash !== warmUp.hash || result.steadyHash !== steady.hash)
      throw runError('trace', 'the client drew another trace than the run did')
    return {
      recorders: result.ports.map((port) => port.recorder),
      answers: result.ports.flatMap((port, index) => [
        answersIn(warmUp, index, port.warmUp),
        answersIn(steady, index, port.steady),
      ]),
      wrong: result.wrong === null ? brokenConnection(result) : `wrong answer: ${result.wrong}`,
      lost: result.lost,
      drainNs: result.drainNs,
      // On processors of its own it takes nothing of the servers'.
      clientCpuSeconds: this.#parts.transport.coLocated ? result.cpuSeconds : 0,
      clientClockErrorNs,
      client: figuresOf(result),
    }
  }
}

function answersIn(trace: Trace, port: number, answers: LoadAnswers): PlayedAnswers {
  return { trace: trace.ports[port]!, ...answers }
}

/** Requests whose connection broke were perhaps executed, perhaps not: no answer of theirs can be checked. */
function brokenConnection(result: LoadResult): string | null {
  if (result.lost === 0 || result.firstConnectionError === null) return null
  return `missing replies: ${result.lost} requests were never answered, ${result.connectionErrors} connections broke: ${result.firstConnectionError}`
}

function figuresOf(result: LoadResult): ClientFigures {
  const { lateness, cpuSeconds, busySeconds, connectionErrors } = result
  const common = { cpuSeconds, busySeconds, connectionErrors }
  if (lateness === null) return { ...common, sendLateness: null }
  const { fine, maxNs } = lateness
  const sent = fine.reduce((sum, count) => sum + count, 0)
  const at = (fraction: number) => {
    const bucket = bucketAtRank(fine, Math.ceil(sent * fraction))
    return bucket === undefined ? 0 : fineBucketValue(bucket)
  }
  return {
    ...common,
    sendLateness: {
      p50Ns: at(0.5),
      p99Ns: at(0.99),
      maxNs,
      histogram: encodeHistogram(histogramFromBuckets(filledBuckets(fine))),
    },
  }
}

function outOfTurn(reply: ClientReply): Error {
  return runError('client', `the client replied out of turn: kind=${reply.kind}`)
}
