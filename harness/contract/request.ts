/** What a stage sees: the request that it works on and the records that it may touch. */

export const READ_OPERATION = 1
export const UPDATE_OPERATION = 2
export const INSERT_OPERATION = 3
export const READ_MODIFY_WRITE_OPERATION = 4

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
  /** One of the four `…_OPERATION`s, known after the decoding stage. */
  readonly operation: number
  /** 32-bit hash of the key: valid once `hashKey` ran. It decides shard, lock stripe and bucket. */
  readonly hash: number
  /** Computes and stores the key's hash. Must run in a stage before the first keyed one. */
  hashKey(): void
  /** What the reply says so far: read by `combine` from its legs. */
  readonly status: number
  readonly version: number
  readonly checksum: number
  /** What the reply will say. `version` and `checksum` are those of the value that was read or written. */
  reply(status: number, version: number, checksum: number): void
  /** Makes an ASCII text the reply's value, where a record's would be; what has no room in the slot is cut. */
  replyText(text: string): void
  /** Makes version and checksum of each leg the reply's value, in the order of the legs: what a client checks a request over many keys with. */
  replyHeads(legs: readonly Request[]): void
}

/**
 * The records that a keyed stage may touch: the shared table under its key's lock (staged), the shard's own (sharded).
 * The same code serves both. Valid only while the stage runs. Where reads take no lock, a stage has for a request that only
 * reads a copy of the record, as it was when it was found: another `find` may find a later one.
 */
export interface Records {
  /** The record of the request's key, or `NO_RECORD`. */
  find(request: Request): RecordHandle
  /** Stores a record for the request's key, which must have none: version 0, a payload of zeros. `NO_RECORD` when there is no room. */
  insert(request: Request): RecordHandle
  /** The version in the value's head. */
  version(record: RecordHandle): number
  /** The checksum in the value's head. */
  checksum(record: RecordHandle): number
  /** Copies the value behind its head into the reply. */
  copyValueTo(record: RecordHandle, request: Request): void
  /** Copies the value behind its head to the start of an array, e.g. a sandbox's memory; tells how many words. */
  readValue(record: RecordHandle, target: Int32Array): number
  /** Overwrites the value behind its head with the request's payload. */
  replaceValue(record: RecordHandle, request: Request): void
  /** Both at once: the request's payload becomes the value, and what it was before becomes the reply's. */
  exchangeValue(record: RecordHandle, request: Request): void
  /** Writes the value's head. */
  setHead(record: RecordHandle, version: number, checksum: number): void
}
