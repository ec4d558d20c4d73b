/** Timeouts up to here are kept: 8 ms, by far most of them. */
const KEPT_MICROS = 8_192
const MICROS_PER_MS = 1_000

/**
 * By microseconds. A list that may hold null as well keeps its numbers as objects on the heap, so that one taken out of it and
 * handed to `Atomics.wait` is not boxed anew: a thread that parks 10,000 times a second would make garbage of nothing else.
 */
const KEPT: (number | null)[] = Array.from({ length: KEPT_MICROS + 1 }, () => null)

/**
 * A timeout of `Atomics.wait`, ms, in whole microseconds: the kernel is asked in those anyway, so nothing is lost. Allocates
 * the first time that a number of microseconds is asked for, and above 8 ms, which a thread does at most 125 times a second.
 * @param ms 0 or more
 */
export function parkTime(ms: number): number {
  let micros = Math.floor(ms * MICROS_PER_MS)
  // The product of a timeout of whole microseconds may come out a little less: 4.004 ms would lose one.
  if ((micros + 1) / MICROS_PER_MS <= ms) micros++
  if (micros > KEPT_MICROS) return ms
  return KEPT[micros] ?? (KEPT[micros] = micros / MICROS_PER_MS)
}
