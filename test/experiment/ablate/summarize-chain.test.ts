import { expect, test } from 'vitest'
import { sampleAblation, summarized, troubledAblation } from '../../render/sample-ablation.ts'

test('without noise every step has its true ratio, and all of them multiply to that of the ends', () => {
  const p99Ns = [1000, 500, 400, 400, 100, 90, 80, 40, 20, 10]
  const ablation = sampleAblation({ p99Ns, noise: 0 })
  for (const { from, to, ratios } of ablation.steps) {
    expect(ratios.p99?.value).toBeCloseTo(p99Ns[to]! / p99Ns[from]!, 12)
  }
  expect(ablation.product.p99?.value).toBeCloseTo(0.01, 12)
  expect(ablation.productOfEstimates.p99).toBeCloseTo(0.01, 12)
  expect(ablation.endpoints.p99?.value).toBeCloseTo(0.01, 12)
})

test('steps of one mechanism stand together in the order in which they first come', () => {
  const { mechanisms } = sampleAblation()
  expect(mechanisms.map(({ name, steps }) => [name, steps])).toEqual([
    ['locks', [0]],
    ['batching', [1, 7]],
    ['layout', [2]],
    ['inlining', [3]],
    ['polling', [4, 5]],
    ['architecture', [6]],
    ['routing', [8]],
  ])
  const whole = mechanisms.reduce((product, { ratios }) => product * ratios.p50!.value, 1)
  expect(whole).toBeCloseTo(sampleAblation().product.p50!.value, 3)
})

test('product and ends agree when nothing but noise is between them', () => {
  expect(sampleAblation().agreement).toEqual({
    p50: true,
    p99: true,
    cpuPerRequest: true,
    throughput: true,
  })
})

test('ends that were faster alone than in the rounds do not agree', () => {
  const ablation = sampleAblation({ noise: 0.01 })
  const { endpoints, product } = ablation
  expect(endpoints.p99!.lower).toBeLessThan(product.p99!.upper)
  const biased = sampleAblation({ noise: 0.01 })
  for (const pair of biased.measured.latency.ends) {
    const last = pair.trials.find((trial) => trial.arm !== 0)
    if (last !== undefined) last.p99 = { ns: last.p99.ns * 1.5, atLeast: false }
  }
  expect(summarized(biased).agreement.p99).toBe(false)
})

test('trials that failed a gate are counted by gate, and count', () => {
  expect(troubledAblation().markedTrials).toEqual({
    count: 2,
    of: 52,
    byGate: { noise: 2, halves: 1 },
  })
  const ablation = sampleAblation()
  ablation.measured.latency.rounds[0]?.trials[0]?.failedGates.push('noise')
  const { steps, markedTrials } = summarized(ablation)
  expect(markedTrials.count).toBe(1)
  expect(steps.map(({ ratios }) => ratios)).toEqual(
    sampleAblation().steps.map(({ ratios }) => ratios),
  )
})
