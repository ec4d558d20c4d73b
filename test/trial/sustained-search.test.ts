import fc from 'fast-check'
import { expect, test } from 'vitest'
import { midOf } from '../../harness/experiment/capacity.ts'
import type { Bracket } from '../../harness/trial/server-under-test.ts'
import { searchSustained } from '../../harness/trial/sustained-search.ts'

const CAPACITY = 100_000
const CONFIRM_SECONDS = 0.7

interface Tried {
  readonly load: number
  readonly seconds: number | undefined
}

interface Model {
  /** Sustained by a short probe. */
  readonly capacity?: number
  /** By a trial of full length. @default the same */
  readonly longCapacity?: number
  /** Whether the n-th probe, from 0 on, is disturbed. */
  readonly isDisturbed?: (probe: number) => boolean
  /** What a disturbed probe says. @default what it would say anyway */
  readonly disturbedSays?: boolean
}

/** Searches on a server that keeps up with all loads up to its capacity. */
async function search(
  { capacity = CAPACITY, longCapacity = capacity, isDisturbed, disturbedSays }: Model,
  { guess = CAPACITY, around = null }: { guess?: number; around?: Bracket | null } = {},
) {
  const tried: Tried[] = []
  const bracket = await searchSustained(
    (load, seconds) => {
      const disturbed = isDisturbed?.(tried.length) ?? false
      tried.push({ load, seconds })
      const says = load <= (seconds === undefined ? capacity : longCapacity)
      const kept = disturbed ? (disturbedSays ?? says) : says
      return Promise.resolve({ kept, isDisturbed: disturbed, void: null })
    },
    { around, saturatedPerSecond: guess, confirmSeconds: CONFIRM_SECONDS },
  )
  return { bracket, tried }
}

test('from whatever a closed window got through, the capacity is found to 3 %', async () => {
  const guesses = fc.double({ min: 0.3, max: 3, noNaN: true })
  await fc.assert(
    fc.asyncProperty(guesses, async (share) => {
      const { bracket, tried } = await search({}, { guess: share * CAPACITY })
      expect(midOf(bracket!) / CAPACITY).toBeGreaterThan(1 / 1.03)
      expect(midOf(bracket!) / CAPACITY).toBeLessThan(1.03)
      expect(bracket!.kept).toBeLessThanOrEqual(CAPACITY)
      expect(bracket!.failed).toBeGreaterThan(CAPACITY)
      expect(tried.at(-1)).toEqual({ load: bracket!.kept, seconds: CONFIRM_SECONDS })
    }),
  )
})

test.each([true, false])(
  'a probe that the machine disturbed is played once more, although it said %s',
  async (disturbedSays) => {
    const calm = await search({})
    const { bracket, tried } = await search({ isDisturbed: (probe) => probe === 1, disturbedSays })
    expect(bracket).toEqual(calm.bracket)
    expect(tried).toEqual(calm.tried.toSpliced(1, 0, calm.tried[1]!))
  },
)

test('a probe that is disturbed again is taken as it is: each load is played twice at most', async () => {
  const calm = await search({})
  const { bracket, tried } = await search({ isDisturbed: () => true })
  expect(bracket).toEqual(calm.bracket)
  expect(tried).toEqual(calm.tried.flatMap((one) => [one, one]))
})

test('later rounds start from the bracket found and need five probes at most', async () => {
  const around = { kept: CAPACITY, failed: 1.04 * CAPACITY }
  const capacities = fc.double({ min: 0.85, max: 1.2, noNaN: true })
  await fc.assert(
    fc.asyncProperty(capacities, async (share) => {
      const capacity = share * CAPACITY
      const { bracket, tried } = await search({ capacity }, { around })
      expect(tried.length).toBeLessThanOrEqual(5)
      expect(tried.every(({ seconds }) => seconds === undefined)).toBe(true)
      expect(bracket!.kept).toBeLessThanOrEqual(capacity)
      expect(bracket!.failed ?? Number.POSITIVE_INFINITY).toBeGreaterThan(capacity)
    }),
  )
})

test('a later round finds what it sustains however far that is from the bracket', async () => {
  const around = { kept: CAPACITY, failed: 1.04 * CAPACITY }
  const capacities = fc.double({ min: 0.01, max: 100, noNaN: true })
  await fc.assert(
    fc.asyncProperty(capacities, async (share) => {
      const { bracket, tried } = await search({ capacity: share * CAPACITY }, { around })
      expect(bracket!.kept).toBeLessThanOrEqual(share * CAPACITY)
      expect(bracket!.failed).toBeGreaterThan(share * CAPACITY)
      expect(bracket!.failed! / bracket!.kept).toBeLessThan(1.28)
      expect(tried.length).toBeLessThan(16)
    }),
  )
})

test('of a later round in which nothing was kept nothing is known', async () => {
  const around = { kept: CAPACITY, failed: null }
  const { bracket } = await search({ capacity: 0 }, { around })
  expect(bracket).toBeNull()
})

test('what no trial of full length keeps is not sustained', async () => {
  const { bracket } = await search({ longCapacity: 0 })
  expect(bracket).toBeNull()
})

test('when no load was sustained, nothing is', async () => {
  const { bracket, tried } = await search({ capacity: 0 })
  expect(bracket).toBeNull()
  expect(tried).toHaveLength(11)
  expect(tried.at(-1)!.load).toBeLessThan(CAPACITY / 1_000)
})

test('when every load was sustained, the highest is a lower bound', async () => {
  const { bracket } = await search({ capacity: Number.POSITIVE_INFINITY })
  expect(bracket).toMatchObject({ failed: null })
})

test('a load that a trial of full length does not keep is lowered until one does', async () => {
  const { bracket, tried } = await search({ longCapacity: 0.95 * CAPACITY })
  const confirming = tried.filter(({ seconds }) => seconds === CONFIRM_SECONDS)
  expect(confirming.length).toBeGreaterThan(1)
  for (const [place, { load }] of confirming.slice(1).entries())
    expect(confirming[place]!.load / load).toBeCloseTo(1.03)
  expect(bracket!.kept).toBeLessThanOrEqual(0.95 * CAPACITY)
  expect(bracket!.failed).toBeGreaterThan(0.95 * CAPACITY)
  expect(bracket!.failed! / bracket!.kept).toBeCloseTo(1.03)
})
