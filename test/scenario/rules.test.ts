import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ParameterSpecs } from '../../harness/contract/scenario.ts'
import { assignmentsAtBounds, checkRules } from '../../harness/scenario/rules.ts'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossover-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The file of a good scenario, some of its fields replaced. */
function fileOf(name: string, fields: Readonly<Record<string, string>>): string {
  const all = {
    name: `'${name}'`,
    question: `'Why?'`,
    params: '{}',
    workload: `() => ({ recordCount: 1, valueBytes: 8, operations: { read: 1, update: 0 }, keys: { kind: 'uniform' }, arrivals: { kind: 'poisson' } })`,
    stages: `() => [{ name: 'serve', codec: 'both', run: acknowledge }]`,
    verify: 'eachAnswerRight',
    ...fields,
  }
  const text = Object.entries(all).map(([field, value]) => `  ${field}: ${value},\n`)
  const path = join(folder, `${name}.ts`)
  writeFileSync(
    path,
    `import { acknowledge, defineScenario, eachAnswerRight } from 'crossover'\nlet calls = 0\nexport default defineScenario({\n${text.join('')}})\n`,
  )
  return path
}

test('a good scenario is told what was checked', async () => {
  expect(await checkRules(fileOf('good', {}))).toEqual([
    'name, question and prediction',
    'workload and stages with its only values',
    'workload and stages are the same each time',
    'default comparison and sweeps',
  ])
})

test('the scenarios of the package are found by their names', async () => {
  expect(await checkRules('kv-update')).toHaveLength(4)
})

const RANDOM_WORKLOAD = `() => ({ recordCount: ++calls, valueBytes: 8, operations: { read: 1, update: 0 }, keys: { kind: 'uniform' }, arrivals: { kind: 'poisson' } })`

test.each([
  ['no-question', { question: `'Because.'` }, 'question is not one: Because.', 'end it with ?'],
  ['no-prediction', { claim: `'C01'` }, 'claim C01 has no prediction', 'prediction:'],
  [
    'fickle-workload',
    { workload: RANDOM_WORKLOAD },
    'workload(params) differs from call to call: {}',
    'no state of the module',
  ],
  [
    'fickle-stages',
    { stages: `() => [{ name: 'serve' + ++calls, codec: 'both', run: acknowledge }]` },
    'stages(params) differs from call to call: {}',
    'no state of the module',
  ],
  [
    'wrong-arms',
    { defaults: `{ arms: 'staged,shraded' }` },
    'defaults.arms: --arms: no architecture has this name: shraded',
    'did you mean sharded?',
  ],
  [
    'wrong-loads',
    { defaults: `{ loads: 'much' }` },
    'defaults.loads: --loads: not a load: much',
    '20%',
  ],
  [
    'wrong-metric',
    { defaults: `{ metric: 'p42' }` },
    'defaults.metric: --metric: no metric has this name: p42',
    'p50',
  ],
  [
    'wrong-sweep',
    { sweeps: `['load=10%..95%', 'tehta=0..1']` },
    'sweeps.1: --over tehta=0..1: there is no parameter of this name: tehta',
    'load',
  ],
  [
    'wrong-bound',
    {
      params: `{ bytes: { kind: 'number', default: 8, minimum: 8, maximum: 9, unit: 'bytes', description: 'size' } }`,
      workload: `({ bytes }) => ({ recordCount: 1, valueBytes: bytes, operations: { read: 1, update: 0 }, keys: { kind: 'uniform' }, arrivals: { kind: 'poisson' } })`,
    },
    'workload valueBytes must be a multiple of 4: 9',
    '--param',
  ],
])('%s is refused, with its file and what would be right', async (name, fields, fault, cure) => {
  const path = fileOf(name, fields)
  await expect(checkRules(path)).rejects.toMatchObject({
    kind: 'usage',
    message: `${path}: ${fault}`,
    cure: expect.stringContaining(cure),
  })
})

test('bounds are each parameter’s, one at a time, and each choice', () => {
  const params: ParameterSpecs = {
    n: { kind: 'number', default: 2, minimum: 1, maximum: 3, unit: 'x', description: 'd' },
    c: { kind: 'choice', default: 'a', choices: ['a', 'b'], description: 'd' },
  }
  const bounds = assignmentsAtBounds(Object.entries(params))
  expect(bounds).toEqual([{}, { n: '1' }, { n: '3' }, { c: 'a' }, { c: 'b' }])
})
