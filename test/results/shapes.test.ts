import { expect, test } from 'vitest'
import { SHAPES } from '../../harness/results/kinds.ts'
import { sampleAblation, troubledAblation } from '../render/sample-ablation.ts'
import { sampleCalibration, troubledCalibration } from '../render/sample-calibration.ts'
import { sampleCatalogue } from '../render/sample-catalogue.ts'
import { sampleClaims, troubledClaims } from '../render/sample-claims.ts'
import {
  sampleCrossing,
  troubledSearch,
  uncrossed,
  undecidedSearch,
} from '../render/sample-crossing.ts'
import { coresSweep, sampleSweep, stagesSweep, troubledSweep } from '../render/sample-sweep.ts'
import { sampleValidation, troubledValidation } from '../render/sample-validation.ts'

const SAVED: Readonly<Record<keyof typeof SHAPES, readonly object[]>> = {
  catalogue: [sampleCatalogue()],
  sweep: [sampleSweep(), troubledSweep(), coresSweep(), stagesSweep()],
  search: [sampleCrossing(), uncrossed(), undecidedSearch(), troubledSearch()],
  ablation: [sampleAblation(), troubledAblation()],
  calibration: [sampleCalibration(), troubledCalibration()],
  validation: [sampleValidation(), troubledValidation()],
  claims: [sampleClaims(), troubledClaims()],
}

test.each(Object.keys(SAVED) as (keyof typeof SHAPES)[])(
  'a %s survives its file, whole or stopped',
  (kind) => {
    for (const saved of SAVED[kind])
      expect(SHAPES[kind].schema.parse(JSON.parse(JSON.stringify(saved)))).toEqual(saved)
  },
)

test('every metric of an ablation must be there, known or not', () => {
  const ablation = sampleAblation()
  const { p99: _, ...others } = ablation.product
  const { schema } = SHAPES.ablation
  expect(schema.safeParse({ ...ablation, product: others }).success).toBe(false)
  const unknown = { ...ablation.product, p99: null }
  expect(schema.safeParse({ ...ablation, product: unknown }).success).toBe(true)
})
