import { expect } from 'vitest'

/** The number that something writes into the place that it is given of an array, and into no other. */
export function written(write: (target: Float64Array, at: number) => void): number {
  const target = new Float64Array(3).fill(Number.NaN)
  write(target, 1)
  expect([target[0], target[2]]).toEqual([Number.NaN, Number.NaN])
  return target[1]!
}
