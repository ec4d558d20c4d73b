import { expect, test } from 'vitest'
import { ablationSchema } from '../../harness/results/ablate.ts'
import { sampleAblation, troubledAblation } from '../render/sample-ablation.ts'

test.each([
  ['whole', sampleAblation()],
  ['partial', troubledAblation()],
])('a %s ablation survives its file', (_, ablation) => {
  expect(ablationSchema.parse(JSON.parse(JSON.stringify(ablation)))).toEqual(ablation)
})

test('every metric must be there, known or not', () => {
  const ablation = sampleAblation()
  const { p99: _, ...others } = ablation.product
  expect(ablationSchema.safeParse({ ...ablation, product: others }).success).toBe(false)
  const unknown = { ...ablation.product, p99: null }
  expect(ablationSchema.safeParse({ ...ablation, product: unknown }).success).toBe(true)
})
