import { expect, test } from 'vitest'
import { axisShare, waterfallOf } from '../../../harness/render/ablate/waterfall.ts'
import { sampleAblation, summarized, troubledAblation } from '../sample-ablation.ts'

test('each bar begins where the one before ended, and their lengths are the ratios', () => {
  const ablation = sampleAblation()
  const waterfall = waterfallOf(ablation, 'p99')!
  let from = ablation.arms[0]!.figures.p99!.value
  for (const [step, { span }] of waterfall.bars.entries()) {
    expect(span!.from).toBe(from)
    expect(span!.to / span!.from).toBeCloseTo(ablation.steps[step]!.ratios.p99!.value, 12)
    expect(span!.lower).toBeLessThanOrEqual(span!.to)
    expect(span!.upper).toBeGreaterThanOrEqual(span!.to)
    from = span!.to
  }
  expect(from / waterfall.last!.value).toBeCloseTo(1, 1)
})

test('the axis encloses every bar and whisker', () => {
  for (const metric of ['p99', 'throughput'] as const) {
    const waterfall = waterfallOf(sampleAblation(), metric)!
    const values = waterfall.bars.flatMap(({ span }) => Object.values(span!))
    const shares = values.map((value) => axisShare(waterfall, value))
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...shares)).toBeLessThanOrEqual(1)
  }
})

test('behind a step that is not known the bars go on at its arm', () => {
  const { bars, last } = waterfallOf(troubledAblation(), 'p99')!
  expect(bars.map(({ span }) => span === null)).toEqual([
    ...Array.from({ length: 7 }, () => false),
    true,
    true,
  ])
  expect(bars.at(-1)).toMatchObject({ text: '≤ 0.63×?', effect: 'undecided' })
  expect(last).not.toBeNull()
})

test('there is none without anything to draw', () => {
  const ablation = sampleAblation()
  ablation.measured.latency = { rounds: [], ends: [] }
  expect(waterfallOf(summarized(ablation), 'p99')).toBeNull()
})
