/** What a scenario module exports, and what its stages see. A scenario never names a thread, a lock or a shard. */

/** One typed, bounded parameter of a scenario; each can be set by `--param name=value`. */
export type ParameterSpec =
  | {
      readonly kind: 'number'
      readonly default: number
      readonly minimum: number
      readonly maximum: number
      /** e.g. `keys`, `bytes`, `%`, `µs`; printed behind every value. */
      readonly unit: string
      readonly description: string
      /** @default false */
      readonly integer?: boolean
    }
  | {
      readonly kind: 'choice'
      readonly default: string
      readonly choices: readonly string[]
      readonly description: string
    }

export type ParameterSpecs = Readonly<Record<string, ParameterSpec>>

/** The values a run uses: every parameter of the scenario, with the user's changes applied. */
export type ParameterValues<S extends ParameterSpecs> = {
  readonly [Name in keyof S]: S[Name] extends { readonly kind: 'number' }
    ? number
    : S[Name] extends { readonly kind: 'choice' }
      ? string
      : number | string
}

/** How often an operation occurs and whether it changes the record of its key. */
export interface OperationMix {
  /** Weight of reads; the share is weight ÷ sum of weights. */
  readonly read: number
  /** Weight of read-modify-writes of the whole value. */
  readonly update: number
}

export type KeyDistribution =
  /** Every key equally likely. */
  | { readonly kind: 'uniform' }
  /** YCSB: zipf(θ = 0.99) over 10¹⁰ items, scattered over the keys by FNV-1a. */
  | { readonly kind: 'scrambled-zipfian' }
  /** Zipf's law over all keys, exactly: the i-th most frequent is asked for in proportion to i^−θ. Which key that is, is fixed. */
  | {
      readonly kind: 'zipf'
      /** 0 (every key equally likely) … 10. */
      readonly theta: number
    }

export type ArrivalProcess =
  /** Exponential gaps, independent per port. */
  | { readonly kind: 'poisson' }
  /** Equal gaps. */
  | { readonly kind: 'constant' }

/** How long the work of a request takes that its stages declare as `drawn`: one draw per request, in the trace. */
export interface ServiceTimes {
  readonly kind: 'fixed' | 'exponential'
  /** Microseconds, 1 … 100,000. */
  readonly meanMicros: number
}

/**
 * A fixed text that answers every request in place of a record. Then all requests are reads and no stage is keyed:
 * a stage answers by `replyText`, and the client compares each reply's text with this one.
 */
export interface Document {
  /** Over HTTP, e.g. `/plaintext`: at most 256 letters, digits and `-._~/`; not `/healthz`, `/stats` or below `/kv/`. */
  readonly path: string
  /** Over HTTP, e.g. `text/plain`: at most 128 characters, printable ASCII. */
  readonly contentType: string
  /** ASCII, 1 … `valueBytes` − 8 bytes. */
  readonly text: string
}

/** How clients of real sockets connect where the user does not say. */
export interface Clients {
  /** Connections in all, 1 … 4,096. */
  readonly connections: number
  /** Requests that a connection sends before it waits for the first one's reply, 1 … 64. */
  readonly pipelining: number
}

/** The requests: what is stored, what is asked for, and when. */
export interface Workload {
  readonly recordCount: number
  /** Bytes of every stored value, its 8-byte head (version, checksum) included: 8 … 1,024, a multiple of 4. */
  readonly valueBytes: number
  readonly operations: OperationMix
  readonly keys: KeyDistribution
  readonly arrivals: ArrivalProcess
  /**
   * Share of the requests, 0 … 1, that clients send to a port other than that of their key's shard, to each of the others
   * alike; with one port there is no other. Clients that are shard-aware send none there, whatever is said here.
   * @default any port: (k − 1) ÷ k of them, with k ports
   */
  readonly remoteShare?: number
  /** For stages whose burn or wait is `drawn`. */
  readonly serviceTimes?: ServiceTimes
  /** For requests that no record answers. */
  readonly document?: Document
  /** @default 64 connections without pipelining (1) */
  readonly clients?: Clients
}

export const READ_OPERATION = 1
export const UPDATE_OPERATION = 2

export const STATUS_OK = 0
export const STATUS_NOT_FOUND = 1
export const STATUS_CORRUPT = 2
export const STATUS_BAD_REQUEST = 3

/** A record's place in the data; `NO_RECORD` when the key is absent. */
export type RecordHandle = number
export const NO_RECORD = -1

/**
 * The request that a stage works on. One view object per thread is pointed at one slot after another:
 * a stage must not keep it.
 */
export interface Request {
  /** `READ_OPERATION` or `UPDATE_OPERATION`, known after the decoding stage. */
  readonly operation: number
  /** 32-bit hash of the key: valid once `hashKey` ran. It decides shard, lock stripe and bucket. */
  readonly hash: number
  /** Computes and stores the key's hash. Must run in a stage before the first keyed one. */
  hashKey(): void
  /** What the reply will say. `version` and `checksum` are those of the value that was read or written. */
  reply(status: number, version: number, checksum: number): void
  /** Makes an ASCII text the reply's value, where a record's would be; what has no room in the slot is cut. */
  replyText(text: string): void
}

/**
 * The records that a keyed stage may touch: the shared table under its key's lock (staged), the shard's own (sharded).
 * The same code serves both. Valid only while the stage runs.
 */
export interface Records {
  /** The record of the request's key, or `NO_RECORD`. */
  find(request: Request): RecordHandle
  /** The version in the value's head. */
  version(record: RecordHandle): number
  /** The checksum in the value's head. */
  checksum(record: RecordHandle): number
  /** Copies the value behind its head into the reply. */
  copyValueTo(record: RecordHandle, request: Request): void
  /** Overwrites the value behind its head with the request's payload. */
  replaceValue(record: RecordHandle, request: Request): void
  /** Writes the value's head. */
  setHead(record: RecordHandle, version: number, checksum: number): void
}

/** How a stage touches the record of the request's key. `none`: not at all; may run on any thread. */
export type Access = 'none' | 'read' | 'write' | 'by-operation'

/** Behind `micros`: each request's own service time, drawn from the workload's `serviceTimes`, the same in both architectures. */
export const DRAWN = 'drawn'

/** CPU work, burnt by the harness as calibrated iterations before `run`: a preempted thread does not get it for free. */
export interface Burn {
  /** Microseconds of CPU time on the calibrated machine, 0 … 1,000,000. */
  readonly micros: number | typeof DRAWN
}

/** Waiting before `run` that the architecture carries out: a pool thread sleeps, a reactor sets a timer. */
export interface Wait {
  /** Microseconds, 0 … 10,000,000. */
  readonly micros: number | typeof DRAWN
  /** Whoever executes it stops, a reactor too. @default false */
  readonly blocking?: boolean
}

/** A step that the harness carries out in the port's own format: bytes → request, request → reply bytes. */
export interface CodecStage {
  readonly name: string
  readonly codec: 'decode' | 'encode'
}

/** A step of the scenario's own. */
export interface HandlerStage {
  readonly name: string
  /** @default 'none' */
  readonly access?: Access
  /** The same step also decodes before its work, encodes after it, or both: one stage and one handoff instead of three. */
  readonly codec?: 'decode' | 'encode' | 'both'
  readonly burn?: Burn
  readonly wait?: Wait
  /** Synchronous and allocation-free. `records` is usable only in a keyed stage. */
  run(request: Request, records: Records): void
  /** For a request over many keys: the work on one of them. Legs are not atomic together, in either architecture. */
  runKey?(leg: Request, records: Records): void
  /** For a request over many keys: makes one reply of the finished legs, at the request's origin. */
  combine?(request: Request, legs: readonly Request[]): void
}

export type Stage = CodecStage | HandlerStage

/** What was answered, by key, as the ports saw it. Built after the drain. */
export interface Totals {
  readonly recordCount: number
  /** Updates of the key that were answered with success, warm-up included. */
  answeredUpdates(keyIndex: number): number
  /** The largest version that any reply of the key carried; 0 when it had none. */
  largestVersion(keyIndex: number): number
  /** What the key's record holds now. */
  finalVersion(keyIndex: number): number
  finalChecksum(keyIndex: number): number
  /** The checksum that a value of this key and version must have. */
  expectedChecksum(keyIndex: number, version: number): number
}

/** What the author believes will happen, written down before measuring. */
export interface Prediction {
  readonly winner: 'staged' | 'sharded' | 'none'
  readonly because: string
}

export interface Scenario<S extends ParameterSpecs = ParameterSpecs> {
  /** Lower-case words joined by `-`; the same as the file's name. */
  readonly name: string
  /** The question it answers, in one sentence. */
  readonly question: string
  /** The row of the claims table, e.g. `C03`, when there is one. */
  readonly claim?: string
  readonly prediction?: Prediction
  readonly params: S
  workload(params: ParameterValues<S>): Workload
  stages(params: ParameterValues<S>): readonly Stage[]
  /** What must hold after the drain: the first thing that does not, as a sentence, or undefined. */
  verify(totals: Totals): string | undefined
}

/** Gives a scenario its type; returns it unchanged. A scenario module's default export. */
export function defineScenario<const S extends ParameterSpecs>(scenario: Scenario<S>): Scenario<S> {
  return scenario
}
