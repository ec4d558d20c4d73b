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
