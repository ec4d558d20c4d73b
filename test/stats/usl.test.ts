import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitScalability } from '../../harness/stats/queueing.ts'

const throughput = (cores: number, contention: number, coherency: number) =>
  (1_000 * cores) / (1 + contention * (cores - 1) + coherency * cores * (cores - 1))

test('finds the coefficients that made the throughputs', () => {
  const share = fc.double({ min: 0, max: 0.5, noNaN: true })
  fc.assert(
    fc.property(share, share, (contention, coherency) => {
      const points = [1, 2, 4, 8].map((cores) => ({
        cores,
        perSecond: throughput(cores, contention, coherency),
      }))
      const fit = fitScalability(points)
      expect(fit?.contention).toBeCloseTo(contention, 6)
      expect(fit?.coherency).toBeCloseTo(coherency, 6)
    }),
  )
})

test('of noisy throughputs it is the least-squares fit: no neighbour is closer', () => {
  const points = [1, 2, 3, 5, 8].map((cores, index) => ({
    cores,
    perSecond: throughput(cores, 0.1, 0.01) * (index % 2 === 0 ? 1 : 1.1),
  }))
  const fit = fitScalability(points)!
  const error = (contention: number, coherency: number): number =>
    points.reduce((total, { cores, perSecond }) => {
      const loss = (cores * points[0]!.perSecond) / perSecond - 1
      const model = contention * (cores - 1) + coherency * cores * (cores - 1)
      return total + (loss - model) ** 2
    }, 0)
  const least = error(fit.contention, fit.coherency!)
  for (const [a, b] of [
    [1e-3, 0],
    [-1e-3, 0],
    [0, 1e-3],
    [0, -1e-3],
  ] as const) {
    expect(error(fit.contention + a, fit.coherency! + b)).toBeGreaterThan(least)
  }
})

test('two numbers of cores tell contention only', () => {
  const fit = fitScalability([
    { cores: 1, perSecond: 1_000 },
    { cores: 2, perSecond: 1_600 },
  ])
  expect(fit).toEqual({ contention: 0.25, coherency: null })
})

test('throughput that grows faster than the cores has negative contention', () => {
  const fit = fitScalability([
    { cores: 1, perSecond: 1_000 },
    { cores: 2, perSecond: 2_500 },
  ])
  expect(fit?.contention).toBeCloseTo(-0.2)
})

test('without one core, or with nothing but it, there is no fit', () => {
  expect(fitScalability([{ cores: 2, perSecond: 1 }])).toBeNull()
  expect(fitScalability([{ cores: 1, perSecond: 1 }])).toBeNull()
  expect(fitScalability([])).toBeNull()
})
