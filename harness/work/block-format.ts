/**
 * A block of the file, in words:
 *
 *   0              its number
 *   1 … last − 1   a pattern of number and place, so that no file system stores it as less
 *   last           its seal, made from number and length
 */
const NUMBER_WORD = 0

/** Any two blocks differ in it: the multiplier is odd, hence invertible. */
function sealOf(number: number, words: number): number {
  return Math.imul(number + 1, 0x9e3779b1) ^ words
}

/** Writes block `number` to words `at` … `at + words − 1`; at least two words. */
export function fillBlock(target: Int32Array, at: number, words: number, number: number): void {
  target[at + NUMBER_WORD] = number
  let state = sealOf(number, words)
  for (let word = 1; word < words - 1; word++) {
    // Xorshift, Marsaglia 2003; a state of zero would stay so.
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    target[at + word] = state ^ word
  }
  target[at + words - 1] = sealOf(number, words)
}

/** Whether words `at` … `at + words − 1` begin and end as block `number` does. */
export function isBlock(source: Int32Array, at: number, words: number, number: number): boolean {
  return source[at + NUMBER_WORD] === number && source[at + words - 1] === sealOf(number, words)
}
