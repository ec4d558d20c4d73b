import { defineScenario, eachAnswerRight, readOrUpdate } from 'crossover'

/** YCSB C, “read only”: zipfian keys. */
export default defineScenario({
  name: 'ycsb-c',
  question: 'What is left of the difference when nothing is ever written?',
  theme: 'memory and caches',
  prediction: {
    winner: 'sharded',
    about: 'classic',
    because:
      'handoffs and wake-ups are what differs; no update waits for a lock, but a read of a hot key keeps its shard busy',
  },
  params: {
    keys: {
      kind: 'number',
      default: 100_000,
      minimum: 1_000,
      maximum: 1_000_000,
      unit: 'keys',
      integer: true,
      description: 'records stored before the first request; YCSB’s own default is 1,000',
    },
  },
  workload: ({ keys }) => ({
    recordCount: keys,
    // Ten fields of 100 bytes, and the head of a value.
    valueBytes: 1_008,
    operations: { read: 100, update: 0 },
    keys: { kind: 'scrambled-zipfian' },
    arrivals: { kind: 'poisson' },
  }),
  stages: () => [
    { name: 'decode', codec: 'decode', run: (request) => request.hashKey() },
    { name: 'apply', access: 'by-operation', run: readOrUpdate },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
