import { mean } from 'simple-statistics'
import { expect, test } from 'vitest'
import { seededRandom } from '../../harness/base/random.ts'
import {
  createEtcSizes,
  etcKeyBytes,
  etcValueBytes,
  SMALL_VALUE_SHARES,
} from '../../harness/workload/etc-sizes.ts'
import { chiSquare, kolmogorovSmirnov, UNLIKELY } from './goodness-of-fit.ts'

const DRAWS = 4_000
const KEYS = 200_000
const MOST_PAYLOAD_BYTES = 8_184
const ETC = { keySizes: 'facebook-etc', valueSizes: 'facebook-etc' } as const
const SMALL_SHARE = SMALL_VALUE_SHARES.reduce((sum, share) => sum + share, 0)

function draws(draw: (unit: number) => number, seed: number, count = DRAWS): Float64Array {
  const random = seededRandom(seed)
  return Float64Array.from({ length: count }, () => draw(1 - random.unit() || 0.5))
}

/** Generalised extreme value, by the constants of the paper. */
function keyLaw(bytes: number): number {
  const t = 1 + (0.078688 * (bytes - 30.7984)) / 8.20449
  return t <= 0 ? 0 : Math.exp(-(t ** (-1 / 0.078688)))
}

/** Generalised Pareto, of values of 15 bytes and more. */
function largeValueLaw(bytes: number): number {
  return bytes < 15 ? 0 : 1 - (1 + (0.348238 * (bytes - 15)) / 214.476) ** (-1 / 0.348238)
}

test('lengths of keys follow the generalised extreme value law', () => {
  expect(kolmogorovSmirnov(draws(etcKeyBytes, 1), keyLaw)).toBeGreaterThan(UNLIKELY)
})

test('values from 15 bytes on follow the generalised Pareto law', () => {
  const large = draws(etcValueBytes, 2, 8_000).filter((bytes) => bytes >= 15)
  expect(kolmogorovSmirnov(large, largeValueLaw)).toBeGreaterThan(UNLIKELY)
})

test('small values have the probabilities of the paper, and are a little less than half of all', () => {
  expect(SMALL_SHARE).toBeCloseTo(0.44155, 5)
  const counts = new Int32Array(16)
  for (const bytes of draws(etcValueBytes, 3, 100_000)) counts[Math.min(15, Math.floor(bytes))]!++
  expect(chiSquare(counts, [...SMALL_VALUE_SHARES, 1 - SMALL_SHARE])).toBeGreaterThan(UNLIKELY)
})

test('the mean value has 194 bytes', () => {
  const small = SMALL_VALUE_SHARES.reduce((sum, share, bytes) => sum + share * bytes, 0)
  const exact = small + (1 - SMALL_SHARE) * (15 + 214.476 / (1 - 0.348238))
  expect(exact).toBeCloseTo(194.44, 1)
  // By the middle of each of a million intervals; the tail beyond them holds a hundredth of a byte.
  let sum = 0
  for (let i = 0; i < 1e6; i++) sum += etcValueBytes((i + 0.5) / 1e6)
  expect(sum / 1e6).toBeCloseTo(exact, 0)
})

test('the table of a workload has these laws, in whole bytes and cut', () => {
  const { keyBytes, payloadBytes } = createEtcSizes(ETC, KEYS, MOST_PAYLOAD_BYTES)
  const keyCounts = new Int32Array(129)
  for (const bytes of keyBytes) keyCounts[bytes]!++
  const keyShares = Array.from({ length: 129 }, (_, bytes) => {
    if (bytes < 16) return 0
    const below = bytes === 16 ? 0 : keyLaw(bytes)
    return (bytes === 128 ? 1 : keyLaw(bytes + 1)) - below
  })
  expect(chiSquare(keyCounts, keyShares)).toBeGreaterThan(UNLIKELY)
  const payloadCounts = new Int32Array(MOST_PAYLOAD_BYTES + 1)
  for (const bytes of payloadBytes) payloadCounts[bytes]!++
  const payloadShares = Array.from(payloadCounts, (_, bytes) => {
    if (bytes < 15) return SMALL_VALUE_SHARES[bytes]!
    const above = bytes === MOST_PAYLOAD_BYTES ? 1 : largeValueLaw(bytes + 1)
    return (1 - SMALL_SHARE) * (above - largeValueLaw(bytes))
  })
  expect(chiSquare(payloadCounts, payloadShares)).toBeGreaterThan(UNLIKELY)
  // Cutting at 8 kB and rounding down leave this much of 194.4.
  expect(Math.abs(mean([...payloadBytes]) - 192)).toBeLessThan(5)
})

test('a key keeps its sizes, whatever other keys there are', () => {
  const few = createEtcSizes(ETC, 10, MOST_PAYLOAD_BYTES)
  const many = createEtcSizes(ETC, 1_000, MOST_PAYLOAD_BYTES)
  expect(few.keyBytes).toEqual(many.keyBytes.slice(0, 10))
  expect(few.payloadBytes).toEqual(many.payloadBytes.slice(0, 10))
})

test('values are cut to what a record has room for', () => {
  const { payloadBytes } = createEtcSizes(ETC, 1_000, 92)
  expect(Math.max(...payloadBytes)).toBe(92)
})

test('fixed sizes need no tables', () => {
  const none = createEtcSizes({}, 1_000, 92)
  expect([none.keyBytes.length, none.payloadBytes.length]).toEqual([0, 0])
  const keys = createEtcSizes({ keySizes: 'facebook-etc', valueSizes: 'fixed' }, 1_000, 92)
  expect([keys.keyBytes.length, keys.payloadBytes.length]).toEqual([1_000, 0])
})
