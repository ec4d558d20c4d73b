import { expect, test } from 'vitest'
import { effectOf, effectText } from '../../../harness/render/ablate/sentence.ts'
import type { Estimate } from '../../../harness/results/schema.ts'
import { sampleAblation } from '../sample-ablation.ts'

const ablation = sampleAblation()

function ratio(lower: number, upper: number, n = 6): Estimate {
  const level = n === 1 ? null : 1 - 2 ** (1 - n)
  return { value: (lower + upper) / 2, lower, upper, level, n, unit: '×' }
}

test('an interval that includes 1 is no effect', () => {
  expect(effectOf(ablation, 'p99', ratio(0.9, 1))).toBe('undecided')
  expect(effectOf(ablation, 'p99', ratio(0.9, 0.99))).toBe('decided')
  expect(effectOf(ablation, 'p99', ratio(1.01, 1.2))).toBe('decided')
  expect(effectOf(ablation, 'p99', null)).toBe('unknown')
})

test('latency needs the rounds of its level, throughput those at capacity', () => {
  expect(effectOf(ablation, 'p99', ratio(0.5, 0.6, 5))).toBe('undecided')
  expect(effectOf(ablation, 'throughput', ratio(0.5, 0.6, 3))).toBe('decided')
  expect(effectOf(ablation, 'throughput', ratio(0.5, 0.6, 2))).toBe('undecided')
  expect(effectOf(ablation, 'throughput', ratio(0.5, 0.5, 1))).toBe('undecided')
})

test('what is undecided is marked', () => {
  expect(effectText(ablation, 'p99', ratio(0.5, 0.7))).toBe('0.60× (0.50–0.70)')
  expect(effectText(ablation, 'p99', ratio(0.9, 1.1))).toBe('1.00×? (0.90–1.10)')
  expect(effectText(ablation, 'p99', null)).toBe('–')
})
