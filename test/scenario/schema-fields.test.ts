import { expect, test } from 'vitest'
import { checkPrepared, checkScenario } from '../../harness/scenario/check.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'

const run = (): void => {}
const numberSpec = {
  kind: 'number',
  default: 5,
  minimum: 1,
  maximum: 9,
  unit: 'keys',
  description: 'how many',
}
const workload = {
  recordCount: 10,
  valueBytes: 8,
  operations: { read: 1, update: 0 },
  keys: { kind: 'uniform' },
  arrivals: { kind: 'poisson' },
}
const decode = { name: 'decode', codec: 'decode' }
const respond = { name: 'respond', run }
const encode = { name: 'encode', codec: 'encode' }
const serve = { name: 'serve', codec: 'both', run }
const scenario = {
  name: 'right-one',
  question: 'Is it right?',
  params: { count: numberSpec },
  workload: () => workload,
  stages: () => [decode, respond, encode],
  verify: () => undefined,
}

test.each([
  [{ predicton: {} }, 'default export: unknown field predicton', 'did you mean prediction?'],
  [
    { defaults: { arm: 'staged,sharded' } },
    'default export: unknown field arm in defaults',
    'did you mean arms?',
  ],
  [
    { params: { count: { ...numberSpec, minimun: 1 } } },
    'default export: unknown field minimun in params.count',
    'did you mean minimum?',
  ],
  [
    { workload: () => ({ ...workload, operation: workload.operations, operations: undefined }) },
    'unknown field operation in workload',
    'did you mean operations?',
  ],
  [
    { workload: () => ({ ...workload, keys: { kind: 'zipf', theta: 1, tetha: 1 } }) },
    'unknown field tetha in workload.keys',
    'did you mean theta?',
  ],
  [
    { workload: () => ({ ...workload, clients: { connections: 1, pipelining: 1, wide: 2 } }) },
    'unknown field wide in workload.clients',
    'fields: connections, pipelining',
  ],
  [
    { stages: () => [decode, { ...respond, acces: 'by-operation' }, encode] },
    'unknown field acces in stages[1]',
    'did you mean access?',
  ],
  [
    { stages: () => [{ ...serve, wait: { micros: 5, blocking: true, offlod: true } }] },
    'unknown field offlod in stages[0].wait',
    'did you mean offload?',
  ],
])('a field that does not exist is refused: %j', (changes, fault, cure) => {
  const failure = caughtFailure(() => {
    checkPrepared(checkScenario({ ...scenario, ...changes }, 'here'), {}, 'here')
  })
  expect(failure).toMatchObject({ kind: 'usage', message: `here: ${fault}`, cure })
})
