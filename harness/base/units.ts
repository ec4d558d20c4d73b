/** The only place where units are converted. Everything else carries its unit in its name. */

export const NS_PER_US = 1_000
export const NS_PER_MS = 1_000_000
export const NS_PER_SECOND = 1_000_000_000
export const MS_PER_SECOND = 1_000
export const BYTES_PER_WORD = 4
export const BYTES_PER_MEBIBYTE = 2 ** 20

/** Words that different threads write lie this far apart: two cache lines, since prefetchers fetch lines in pairs. */
export const ISOLATION_BYTES = 128
export const ISOLATION_WORDS = ISOLATION_BYTES / BYTES_PER_WORD

/** Words of 4 bytes that hold `bytes` bytes. */
export function wordsFor(bytes: number): number {
  return (bytes + BYTES_PER_WORD - 1) >>> 2
}

/** Words that hold `bytes` bytes, rounded up to an even number, so that what follows can be copied 8 bytes at a time. */
export function alignedWordsFor(bytes: number): number {
  return ((bytes + 7) >>> 3) << 1
}

/** Smallest multiple of `unit` that is at least `value`; both positive integers. */
export function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit
}

/** Smallest power of two that is at least `value`, for 1 ≤ value ≤ 2³⁰. */
export function powerOfTwoAtLeast(value: number): number {
  let power = 1
  while (power < value) power *= 2
  return power
}

/** Whether `value` is a power of two that fits an Int32 position. */
export function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value <= 2 ** 30 && (value & (value - 1)) === 0
}
