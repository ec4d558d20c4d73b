import { expect, test } from 'vitest'
import { buildValidation } from '../../harness/cli/validate.ts'
import { availableCpus } from '../../harness/asked/cpus.ts'

test('without flags every part is measured on every processor, with A/A runs enough for a band', () => {
  const { seed, ...rest } = buildValidation({ out: 'reports' }, ['validate'])
  expect(rest).toEqual({
    parts: ['theory', 'aa', 'planted', 'omission'],
    quick: false,
    cpus: availableCpus(),
    identicalRuns: 10,
    plantedRuns: 1,
    machineFolder: 'reports',
    command: `npx crossover validate --seed ${seed}`,
    plan: expect.anything(),
  })
})

test('a quick one makes one A/A run, unless more are asked for', () => {
  expect(buildValidation({ out: 'r', quick: true }, [])).toMatchObject({
    quick: true,
    identicalRuns: 1,
  })
  expect(buildValidation({ out: 'r', quick: true, aaRuns: 3 }, [])).toMatchObject({
    identicalRuns: 3,
  })
})

test('the engine’s part is measured only when it is asked for, and then last', () => {
  expect(buildValidation({ out: 'r', engine: true, only: 'omission' }, []).parts).toEqual([
    'omission',
    'engine',
  ])
  expect(buildValidation({ out: 'r', engine: true, only: 'engine' }, []).parts).toEqual(['engine'])
})

test('parts, seed and folder are taken', () => {
  const flags = { only: 'omission,theory', seed: 7, out: 'elsewhere' }
  expect(buildValidation(flags, ['validate', '--seed', '7'])).toMatchObject({
    parts: ['theory', 'omission'],
    seed: 7,
    machineFolder: 'elsewhere',
    command: 'npx crossover validate --seed 7',
  })
})
