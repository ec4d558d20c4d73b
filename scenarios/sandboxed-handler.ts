import { defineScenario, eachAnswerRight, NO_RECORD, ratioOf, readOrUpdate } from 'crossover'
import type { Records, Request } from 'crossover'

/*
 * The handler's work as a WebAssembly module: its memory holds the record's value, as words.
 *
 *   (memory (export "memory") 1)
 *   (func (export "digest") (param $count i32) (param $rounds i32) (result i32)
 *     $rounds times, for each of the $count words: $state = ($state * 0x9e3779b1) ^ word)
 */
const MODULE =
  'AGFzbQEAAAABBwFgAn9/AX8DAgEABQMBAAEHEwIGbWVtb3J5AgAGZGlnZXN0AAAKUAFOAQR/IABBAnQhBQJAA0AgAyABTg0BQQAhBAJAA0AgBCAFTg0BIAJBsfPd8XlsIAQoAgBzIQIgBEEEaiEEDAALCyADQQFqIQMMAAsLIAIL'

interface Sandbox {
  readonly memory: WebAssembly.Memory
  digest(count: number, rounds: number): number
}

// Each thread imports this file for itself, so it has an instance and an array of its own.
const module = new WebAssembly.Module(Uint8Array.from(atob(MODULE), (byte) => byte.charCodeAt(0)))
const sandbox = new WebAssembly.Instance(module).exports as unknown as Sandbox
const sandboxed = new Int32Array(sandbox.memory.buffer)
const words = new Int32Array(256)

/** The same as the module's `digest`, in JavaScript. */
function digest(count: number, rounds: number): number {
  let state = 0
  for (let round = 0; round < rounds; round++) {
    for (let word = 0; word < count; word++) state = Math.imul(state, 0x9e3779b1) ^ words[word]!
  }
  return state
}

/** Keeps the compiler from dropping work whose result nobody reads. */
let sink = 0

function handle(request: Request, records: Records, isSandboxed: boolean, rounds: number): void {
  const record = records.find(request)
  if (record !== NO_RECORD) {
    sink ^= isSandboxed
      ? sandbox.digest(records.readValue(record, sandboxed), rounds)
      : digest(records.readValue(record, words), rounds)
  }
  readOrUpdate(request, records)
}

/** User code in a sandbox: the value is copied into its memory and digested there. Compare by running both handlers. */
export default defineScenario({
  name: 'sandboxed-handler',
  question: 'Does it change who wins that the handler runs in a sandbox?',
  claim: 'C25',
  theme: 'devices and blocking',
  prediction: {
    winner: 'sharded',
    about: 'classic',
    because:
      'the sandbox costs both architectures the same few nanoseconds per call and the copy of a value: the handoffs still decide',
  },
  params: {
    handler: {
      kind: 'choice',
      default: 'wasm',
      choices: ['wasm', 'js'],
      description: 'whether the handler is WebAssembly or JavaScript',
    },
    rounds: {
      kind: 'number',
      default: 20,
      minimum: 0,
      maximum: 1_000,
      unit: 'rounds',
      integer: true,
      description: 'passes over the value, each of about 25 ns: the handler’s work',
    },
  },
  criteria: [
    {
      id: 'C25',
      claim: 'Sandboxes may replace the process model.',
      cells: {
        'sharded wasm': {
          arm: 'sharded',
          params: { handler: 'wasm' },
          load: '20%',
          loadOf: 'staged wasm',
        },
        'sharded js': {
          arm: 'sharded',
          params: { handler: 'js' },
          load: '20%',
          loadOf: 'staged wasm',
        },
        'staged wasm': {
          arm: 'staged',
          params: { handler: 'wasm' },
          load: '20%',
          loadOf: 'staged wasm',
        },
        'staged js': {
          arm: 'staged',
          params: { handler: 'js' },
          load: '20%',
          loadOf: 'staged wasm',
        },
      },
      figures: [
        {
          name: 'median of sharded, handler in WebAssembly ÷ JavaScript',
          unit: '×',
          of: ratioOf('p50', 'sharded wasm', 'sharded js'),
          confirmed: { within: [1 / 1.1, 1.1] },
          refuted: { outside: [1 / 1.1, 1.1] },
        },
        {
          name: 'the same, staged',
          unit: '×',
          of: ratioOf('p50', 'staged wasm', 'staged js'),
        },
        {
          name: 'staged ÷ sharded in WebAssembly, ÷ the same in JavaScript',
          unit: '×',
          of: {
            ratio: [
              ratioOf('p50', 'staged wasm', 'sharded wasm'),
              ratioOf('p50', 'staged js', 'sharded js'),
            ],
          },
        },
      ],
    },
  ],
  workload: () => ({
    recordCount: 10_000,
    valueBytes: 100,
    operations: { read: 1, update: 1 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
  }),
  stages: ({ handler, rounds }) => [
    { name: 'decode', codec: 'decode', run: (request) => request.hashKey() },
    {
      name: 'handle',
      access: 'by-operation',
      run: (request, records) => handle(request, records, handler === 'wasm', rounds),
    },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
