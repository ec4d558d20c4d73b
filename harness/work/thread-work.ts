import type { Clock } from '../base/clock.ts'
import { runError } from '../base/errors.ts'
import type { HandlerStage } from '../contract/stage.ts'
import type { TouchedMemory, Workload } from '../contract/workload.ts'
import {
  createThreadCounters,
  type LockCounters,
  ThreadCounters,
} from '../shared-memory/thread-counters.ts'
import type { OpenBlockFile } from './block-file.ts'
import {
  type BlockReader,
  type BlockReaderMemory,
  createBlockReaderMemory,
  openBlockReader,
} from './block-reader.ts'
import { TouchedPages } from './touched-pages.ts'

/** What the threads of one server share of the work that stages declare; may be sent to a thread. */
export interface WorkMemory {
  /** For `touch`; null where the workload has no memory to touch. */
  readonly touched: TouchedMemory | null
  /** For `read`; null without a file. */
  readonly blocks: BlockReaderMemory | null
}

/**
 * Once per trial: its caches, the kernel's too, begin empty.
 * @param file the run's, for a workload that has one; else null.
 */
export function createWorkMemory(workload: Workload, file: OpenBlockFile | null): WorkMemory {
  return {
    touched: workload.memory ?? null,
    blocks: file === null ? null : createBlockReaderMemory(file),
  }
}

/**
 * The declared work of one thread besides burning: the same code for a pool thread, a reactor and an off-load thread. Each
 * kind of work is built at its first use or by `prepare`, so that a thread which never touches pages holds none.
 */
export class ThreadWork {
  readonly #memory: WorkMemory
  readonly #clock: Clock
  readonly #locks: LockCounters
  readonly #churns: HeapChurn[] = []
  #pages: TouchedPages | null = null
  #reader: BlockReader | null = null

  /** @param locks where the locks of the cache are counted; @default nowhere */
  constructor(memory: WorkMemory, clock: Clock, locks: LockCounters = uncounted()) {
    this.#memory = memory
    this.#clock = clock
    this.#locks = locks
  }

  /**
   * Builds what a stage of this thread will use, so that no request pays for it: up to 0.3 s per GiB of memory that is
   * touched in advance, else about 10 ms.
   * @throws CrossoverError when memory cannot be locked or the workload does not have what the stage uses.
   */
  prepare({ touch, churn, read }: HandlerStage): void {
    if (touch !== undefined) this.touch(0)
    if (churn !== undefined) this.#churnOf(churn.objects, churn.kept ?? 0)
    if (read !== undefined) this.#openReader()
  }

  /** Touches the next pages, one word each. About 6 ns a page that is there, about 1.4 µs one that faults. */
  touch(pages: number): void {
    const own = this.#pages ?? this.#openPages()
    own.touch(pages)
  }

  /** Makes objects, of which the first `kept` outlive young collections. About 6 ns each, 15 ns when all are kept, the collector included. */
  churn(objects: number, kept: number): void {
    this.#churnOf(objects, kept).churn()
  }

  /** Reads the block of a request's hash; blocks on a miss. About 0.2 µs in a cache of one's own, 1.4 µs in the page cache, else what the disk takes. @throws CrossoverError when the block is not what was written. */
  read(hash: number): void {
    const reader = this.#reader ?? this.#openReader()
    reader.read(hash)
  }

  /** Whether a read of that block would most likely not block: it is in a cache of one's own. About 0.1 µs. */
  isCached(hash: number): boolean {
    const reader = this.#reader ?? this.#openReader()
    return reader.isCached(hash)
  }

  /** Gives memory and files back, once, when the thread ends: sooner than its end would. */
  close(): void {
    this.#pages?.close()
    this.#reader?.close()
    this.#pages = null
    this.#reader = null
  }

  #churnOf(objects: number, kept: number): HeapChurn {
    // As many as stages that churn: one or two.
    for (let index = 0; index < this.#churns.length; index++) {
      const churn = this.#churns[index]!
      if (churn.objects === objects && churn.kept === kept) return churn
    }
    const churn = new HeapChurn(objects, kept)
    this.#churns.push(churn)
    return churn
  }

  #openPages(): TouchedPages {
    const { touched } = this.#memory
    if (touched === null)
      throw runError('no-memory', 'a stage touches pages: workload has no memory')
    return (this.#pages = new TouchedPages(touched))
  }

  #openReader(): BlockReader {
    const { blocks } = this.#memory
    if (blocks === null) throw runError('no-file', 'a stage reads blocks: workload has no file')
    return (this.#reader = openBlockReader(blocks, this.#clock, this.#locks))
  }
}

function uncounted(): LockCounters {
  return new ThreadCounters(createThreadCounters(1), 0).locks
}

/**
 * As many further objects as a kept one outlives: 8 MiB of them, the whole young generation of a server's thread, so that
 * it survives two collections there, and the second one moves it to the old generation.
 */
export const KEPT_FOR_OBJECTS = 131_072

/** The last few objects are held: a compiler would leave out those that nobody ever sees. */
const RECENT_OBJECTS = 16

/** 64 bytes: an object's head of three words, and five fields of one word each. */
class Made {
  readonly number: number
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number

  constructor(number: number) {
    this.number = number
    this.a = 0
    this.b = 0
    this.c = 0
    this.d = 0
  }
}

/**
 * Objects of about 64 bytes on this thread's heap: work for its collector. The only place where the path of a request
 * allocates, on purpose.
 */
export class HeapChurn {
  readonly objects: number
  readonly kept: number
  readonly #keptOfCall: number
  readonly #recent: (Made | null)[] = Array.from({ length: RECENT_OBJECTS }, () => null)
  /** Replaced in turn: of `objects` made ones `kept` come here, so that each stays while `KEPT_FOR_OBJECTS` are made. */
  readonly #ring: (Made | null)[]
  #at = 0

  /**
   * @param objects per call. @param kept of them, the first ones, live on while 131,072 others are made: at most 8 MiB of
   * them, or one call's where that is more.
   */
  constructor(objects: number, kept: number) {
    this.objects = objects
    this.kept = kept
    this.#keptOfCall = Math.min(kept, objects)
    const length = objects === 0 ? 0 : Math.ceil((KEPT_FOR_OBJECTS * this.#keptOfCall) / objects)
    this.#ring = Array.from({ length }, () => null)
  }

  /** Makes one request's objects. About 6 ns each, 15 ns when all are kept, the collector included. */
  churn(): void {
    const recent = this.#recent
    const ring = this.#ring
    let at = this.#at
    for (let number = 0; number < this.objects; number++) {
      const made = new Made(number)
      recent[number & (RECENT_OBJECTS - 1)] = made
      if (number >= this.#keptOfCall) continue
      ring[at] = made
      if (++at === ring.length) at = 0
    }
    this.#at = at
  }
}
