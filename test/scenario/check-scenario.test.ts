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
const choiceSpec = { kind: 'choice', default: 'a', choices: ['a', 'b'], description: 'which' }
const workload = {
  recordCount: 10,
  valueBytes: 8,
  operations: { read: 1, update: 0 },
  keys: { kind: 'uniform' },
  arrivals: { kind: 'poisson' },
}
const decode = { name: 'decode', codec: 'decode' }
const apply = { name: 'apply', access: 'write', burn: { micros: 5 }, run }
const split = { runKey: run, combine: run }
const encode = { name: 'encode', codec: 'encode' }
const serve = { name: 'serve', codec: 'both', wait: { micros: 5, blocking: true }, run }
const serviceTimes = { kind: 'exponential', meanMicros: 5_000 }
const document = { path: '/hello', contentType: 'text/plain', text: 'Hello\r\n' }
const answered = { ...workload, valueBytes: 16, document }
const respond = { name: 'respond', run }
const scenario = {
  name: 'right-one',
  question: 'Is it right?',
  params: { count: numberSpec, which: choiceSpec },
  workload: () => workload,
  stages: () => [decode, apply, encode],
  verify: () => undefined,
}

/** The fault of a scenario that differs from a right one. */
const faultOf = (changes: object): string =>
  caughtFailure(() => {
    const checked = checkScenario({ ...scenario, ...changes }, 'here')
    checkPrepared(checked, {}, 'here')
  }).message

test('a right scenario is returned unchanged', () => {
  expect(checkScenario(scenario, 'here')).toBe(scenario)
  expect(() => checkPrepared(checkScenario(scenario, 'here'), {}, 'here')).not.toThrow()
})

test('a right scenario may have claim, theme and prediction', () => {
  const more = {
    ...scenario,
    claim: 'C01',
    theme: 'my own',
    prediction: { winner: 'none', because: 'it is a test' },
  }
  expect(checkScenario(more, 'here')).toBe(more)
})

test.each([
  ['one stage that decodes, works and encodes', [serve]],
  ['work beside a decoding', [{ ...apply, codec: 'decode' }, encode]],
  ['work beside an encoding', [decode, { ...apply, codec: 'encode' }]],
  ['a blocking wait', [decode, { ...apply, wait: { micros: 9, blocking: true } }, encode]],
])('%s is accepted', (_, stages) => {
  const checked = checkScenario({ ...scenario, stages: () => stages }, 'here')
  expect(() => checkPrepared(checked, {}, 'here')).not.toThrow()
})

const DRAWING = [
  ['burn', { ...apply, burn: { micros: 'drawn' } }],
  ['wait', { ...apply, wait: { micros: 'drawn', blocking: true } }],
] as const

test('touching by drawn requests alone needs service times in the workload', () => {
  const touch = { pages: 1, requests: 'drawn' } as const
  const memory = { megabytes: 1, state: 'touched' } as const
  const parts = {
    stages: () => [decode, { ...apply, touch }, encode],
    workload: () => ({ ...workload, memory }),
  }
  expect(faultOf(parts)).toBe(
    'here: stage apply: touch of drawn requests needs serviceTimes in the workload',
  )
})

test.each(DRAWING)('a drawn %s needs service times in the workload', (_, stage) => {
  const stages = () => [decode, stage, encode]
  expect(faultOf({ stages })).toBe(
    'here: stage apply: micros drawn needs serviceTimes in the workload',
  )
  const drawing = checkScenario(
    { ...scenario, stages, workload: () => ({ ...workload, serviceTimes }) },
    'here',
  )
  expect(() => checkPrepared(drawing, {}, 'here')).not.toThrow()
})

test.each([
  [3, 'must be an object: 3'],
  [null, 'must be an object'],
  [{}, 'name is missing'],
])('%j is no scenario', (exported, fault) => {
  expect(caughtFailure(() => checkScenario(exported, 'here')).message).toBe(
    `here: default export: ${fault}`,
  )
})

test.each([
  [{ name: 'Not Kebab' }, 'name must be lower-case words joined by -: Not Kebab'],
  [{ question: '' }, 'question must not be empty'],
  [{ question: 3 }, 'question must be a string: 3'],
  [
    { prediction: { winner: 'me', because: 'x' } },
    'prediction.winner must be staged, sharded or none: me',
  ],
  [{ params: undefined }, 'params is missing'],
  [{ params: { a: 3 } }, 'params.a must be an object: 3'],
  [{ params: { a: { kind: 'date' } } }, 'params.a.kind must be number or choice'],
  [
    { params: { a: { ...numberSpec, default: 10 } } },
    'params.a must have a default from minimum to maximum',
  ],
  [{ params: { a: { ...numberSpec, minimum: undefined } } }, 'params.a.minimum is missing'],
  [
    { params: { a: { ...choiceSpec, default: 'c' } } },
    'params.a must have a default among its choices',
  ],
  [{ workload }, 'workload must be a function'],
  [{ stages: undefined }, 'stages is missing'],
  [{ stages: [decode] }, 'stages must be a function'],
  [{ verify: 'yes' }, 'verify must be a function: yes'],
])('a scenario with %o is refused', (changes, fault) => {
  expect(faultOf(changes)).toBe(`here: default export: ${fault}`)
})

test.each([
  [{ recordCount: 0 }, 'recordCount must be at least 1: 0'],
  [{ recordCount: 1.5 }, 'recordCount must be an integer: 1.5'],
  [{ recordCount: undefined }, 'recordCount is missing'],
  [{ valueBytes: 4 }, 'valueBytes must be at least 8: 4'],
  [{ valueBytes: 10 }, 'valueBytes must be a multiple of 4: 10'],
  [{ valueBytes: 8_196 }, 'valueBytes must be at most 8192: 8196'],
  [{ operations: { read: -1, update: 2 } }, 'operations.read must not be negative: -1'],
  [{ operations: { read: 0, update: 0 } }, 'operations must have a weight above zero'],
  [{ operations: { read: Number.NaN, update: 1 } }, 'operations.read must be a number'],
  [
    { keys: { kind: 'newest' } },
    'keys.kind must be uniform, scrambled-zipfian, zipf, latest, hot-key or hotspot: newest',
  ],
  [{ keys: { kind: 'latest' } }, 'insertRoom must be at least 2 with keys latest: 0'],
  [{ keys: { kind: 'zipf' } }, 'keys.theta is missing'],
  [{ keys: { kind: 'zipf', theta: -0.1 } }, 'keys.theta must not be negative: -0.1'],
  [{ keys: { kind: 'zipf', theta: 10.5 } }, 'keys.theta must be at most 10: 10.5'],
  [{ keys: { kind: 'zipf', theta: Number.NaN } }, 'keys.theta must be a number'],
  [{ remoteShare: -0.1 }, 'remoteShare must not be negative: -0.1'],
  [{ remoteShare: 50 }, 'remoteShare must be at most 1: 50'],
  [{ remoteShare: 'half' }, 'remoteShare must be a number: half'],
  [{ arrivals: undefined }, 'arrivals is missing'],
  [{ serviceTimes: 5 }, 'serviceTimes must be an object: 5'],
  [
    { serviceTimes: { ...serviceTimes, kind: 'pareto' } },
    'serviceTimes.kind must be fixed, exponential or mixture: pareto',
  ],
  [{ serviceTimes: { kind: 'fixed' } }, 'serviceTimes.meanMicros is missing'],
  [
    { serviceTimes: { ...serviceTimes, meanMicros: 0 } },
    'serviceTimes.meanMicros must be at least 1: 0',
  ],
  [
    { serviceTimes: { ...serviceTimes, meanMicros: 100_001 } },
    'serviceTimes.meanMicros must be at most 100000: 100001',
  ],
  [{ clients: 64 }, 'clients must be an object: 64'],
  [{ clients: { pipelining: 1 } }, 'clients.connections is missing'],
  [{ clients: { connections: 0, pipelining: 1 } }, 'clients.connections must be at least 1: 0'],
  [
    { clients: { connections: 4_097, pipelining: 1 } },
    'clients.connections must be at most 4096: 4097',
  ],
  [{ clients: { connections: 1.5, pipelining: 1 } }, 'clients.connections must be an integer: 1.5'],
  [{ clients: { connections: 1 } }, 'clients.pipelining is missing'],
  [{ clients: { connections: 1, pipelining: 65 } }, 'clients.pipelining must be at most 64: 65'],
])('a workload with %j is refused', (changes, fault) => {
  expect(faultOf({ workload: () => ({ ...workload, ...changes }) })).toBe(`here: workload ${fault}`)
})

test.each([
  [{ path: 'hello' }, 'path must begin with / and hold only letters, digits and -._~/: hello'],
  [{ path: '/a b' }, 'path must begin with / and hold only letters, digits and -._~/: /a b'],
  [{ path: '/a?b' }, 'path must begin with / and hold only letters, digits and -._~/: /a?b'],
  [{ path: '/a\n' }, 'path must begin with / and hold only letters, digits and -._~/: "/a\\n"'],
  [{ path: '/kv/a' }, 'path must not be /healthz, /stats or below /kv/: /kv/a'],
  [{ path: '/healthz' }, 'path must not be /healthz, /stats or below /kv/: /healthz'],
  [{ path: '/stats' }, 'path must not be /healthz, /stats or below /kv/: /stats'],
  [{ path: `/${'a'.repeat(256)}` }, `path must have at most 256 characters: /${'a'.repeat(256)}`],
  [
    { contentType: 'a'.repeat(129) },
    `contentType must have at most 128 characters: ${'a'.repeat(129)}`,
  ],
  [{ contentType: '' }, 'contentType must not be empty'],
  [{ contentType: 'a\r\nb: c' }, 'contentType must be printable ASCII: "a\\r\\nb: c"'],
  [{ contentType: 'text/plain; é' }, 'contentType must be printable ASCII: text/plain; é'],
  [{ contentType: undefined }, 'contentType is missing'],
  [{ text: '' }, 'text must not be empty'],
  [{ text: 'Grüße' }, 'text must be ASCII: Grüße'],
  [{ text: 'Hello, you' }, 'text must have at most 8 bytes, valueBytes − 8: 10'],
  [{ text: 3 }, 'text must be a string: 3'],
])('a document with %j is refused', (changes, fault) => {
  const changed = { ...answered, document: { ...document, ...changes } }
  expect(faultOf({ workload: () => changed })).toBe(`here: workload document.${fault}`)
})

test('a document is answered to reads, by stages that touch no record', () => {
  const stages = () => [decode, respond, encode]
  const right = checkScenario({ ...scenario, workload: () => answered, stages }, 'here')
  expect(() => checkPrepared(right, {}, 'here')).not.toThrow()
  expect(
    faultOf({ workload: () => ({ ...answered, operations: { read: 1, update: 1 } }), stages }),
  ).toBe('here: workload operations.update must be 0 with a document: 1')
  expect(faultOf({ workload: () => answered })).toBe(
    'here: stage apply: access must be none where the workload has a document',
  )
  expect(faultOf({ workload: () => ({ ...answered, document: 'Hello' }), stages })).toBe(
    'here: workload document must be an object: Hello',
  )
})

test.each(['/', '/hello', '/a/b-c_d.e~f', '/kv', '/stats/all', '/healthz2'])(
  'a document may have the path %s',
  (path) => {
    const changed = { ...answered, document: { ...document, path } }
    const stages = () => [decode, respond, encode]
    const right = checkScenario({ ...scenario, workload: () => changed, stages }, 'here')
    expect(() => checkPrepared(right, {}, 'here')).not.toThrow()
  },
)

test('a workload may say how clients connect', () => {
  const clients = { connections: 4_096, pipelining: 64 }
  const right = checkScenario({ ...scenario, workload: () => ({ ...workload, clients }) }, 'here')
  expect(() => checkPrepared(right, {}, 'here')).not.toThrow()
})

test.each([
  { keys: { kind: 'zipf', theta: 0 } },
  { keys: { kind: 'zipf', theta: 1 } },
  { remoteShare: 0 },
  { remoteShare: 1 },
])('a workload may have %j', (changes) => {
  const right = checkScenario(
    { ...scenario, workload: () => ({ ...workload, ...changes }) },
    'here',
  )
  expect(() => checkPrepared(right, {}, 'here')).not.toThrow()
})

test.each([
  [undefined, 'stages must return an array of at least one stage'],
  [[], 'stages must return an array of at least one stage'],
  [[3], 'stage 0: must be an object: 3'],
  [[decode, { run }], 'stage 1: name is missing'],
  [[{ name: 'idle' }], 'stage idle: must have codec, run, or both'],
  [
    [{ name: 'codec', codec: 'both' }],
    'stage codec: must have run between its codec’s two halves: codec both',
  ],
  [[{ name: 'zip', codec: 'zip' }], 'stage zip: codec must be decode, encode or both: zip'],
  [
    [{ ...apply, access: 'all' }],
    'stage apply: access must be none, read, write or by-operation: all',
  ],
  [[{ ...apply, burn: { micros: -1 } }], 'stage apply: burn.micros must not be negative: -1'],
  [[{ ...apply, burn: 3 }], 'stage apply: burn must be an object: 3'],
  [
    [decode, { ...apply, wait: { micros: 9 } }],
    'stage apply: access must be none beside a wait that does not block: write; put it into a stage of its own, or declare blocking: true',
  ],
  [
    [decode, { ...apply, wait: { micros: 9, blocking: true, offload: true } }],
    'stage apply: access must be none beside a wait with offload: write; put it into a stage of its own, or leave offload out',
  ],
  [
    [decode, { ...apply, wait: { micros: 9, offload: true } }],
    'stage apply: wait must be blocking where it is to be off-loaded: offload needs blocking: true',
  ],
  [
    [decode, { ...apply, read: {} }],
    'stage apply: access must be none beside read: write; put it into a stage of its own',
  ],
  [[decode, { name: 'get', read: {}, run }], 'stage get: read needs a file in the workload'],
  [
    [decode, { name: 'page', touch: { pages: 3 }, run }],
    'stage page: touch needs memory in the workload',
  ],
  [
    [{ ...apply, wait: { micros: 9, blocking: 'yes' } }],
    'stage apply: wait.blocking must be true or false: yes',
  ],
  [
    [{ ...apply, wait: { micros: 'long', blocking: true } }],
    'stage apply: wait.micros must be a number, or drawn, 0 to 10000000: long',
  ],
  [[{ ...apply, runKey: run }], 'stage apply: must have runKey and combine together, or neither'],
  [[{ ...apply, combine: run }], 'stage apply: must have runKey and combine together, or neither'],
  [[{ ...apply, ...split }], 'stage apply: runKey needs keysPerRequest in the workload'],
  [[decode, apply, apply], 'two stages have the name apply'],
  [[decode, { ...decode, name: 'again' }], 'two stages have codec decode'],
  [[decode, serve], 'two stages have codec decode'],
  [[serve, encode], 'two stages have codec encode'],
  [[encode, decode], 'stages encode before they decode'],
  [[{ ...apply, codec: 'encode' }, decode], 'stages encode before they decode'],
])('stages %o are refused', (stages, fault) => {
  expect(faultOf({ stages: () => stages })).toBe(`here: ${fault}`)
})

const keysPerRequest = { minimum: 1, maximum: 4, spread: 'scattered' }

test.each([
  [
    [decode, apply, encode],
    'no stage has runKey and combine, which requests over many keys need: workload has keysPerRequest',
  ],
  [
    [decode, { ...apply, access: 'none', ...split }, encode],
    'stage apply: access must be read, write or by-operation beside runKey: none',
  ],
  [
    [decode, { ...apply, codec: 'encode', ...split }],
    'stage apply: codec must be in another stage than runKey: encode',
  ],
])('where requests have many keys, stages %o are refused', (stages, fault) => {
  const many = { ...workload, keysPerRequest }
  expect(faultOf({ workload: () => many, stages: () => stages })).toBe(`here: ${fault}`)
})

test.each([
  ['waits for a device', { name: 'get', wait: { micros: 9 }, run }, {}],
  [
    'makes a call known to block',
    { name: 'get', wait: { micros: 9, blocking: true, offload: true }, run },
    {},
  ],
  [
    'reads a file',
    { name: 'get', read: {}, run },
    { file: { blocks: 8, blockBytes: 512, cachedBlocks: 0, cache: 'none' } },
  ],
  [
    'touches pages',
    { name: 'get', touch: { pages: 3 }, run },
    { memory: { megabytes: 1, state: 'cold' } },
  ],
  ['makes objects', { name: 'get', churn: { objects: 9, kept: 1 }, run }, {}],
  ['works on many keys', { ...apply, ...split }, { keysPerRequest }],
])('a stage that %s is accepted', (_, stage, changes) => {
  const right = checkScenario(
    {
      ...scenario,
      workload: () => ({ ...workload, ...changes }),
      stages: () => [decode, stage, encode],
    },
    'here',
  )
  expect(() => checkPrepared(right, {}, 'here')).not.toThrow()
})

test('what a scenario throws itself is told in one line', () => {
  const boom = (): never => {
    throw new Error('no such thing')
  }
  expect(faultOf({ workload: boom })).toBe('here: workload(params) failed: no such thing')
  expect(faultOf({ stages: boom })).toBe('here: stages(params) failed: no such thing')
})
