import { defineScenario, eachAnswerRight, readOrUpdate } from 'crossover'

/** YCSB A, “update heavy”: half reads, half updates, zipfian keys. An update replaces the whole record. */
export default defineScenario({
  name: 'ycsb-a',
  question:
    'Which architecture serves a session store, half of whose requests write, with the lower tail?',
  theme: 'locks',
  prediction: {
    winner: 'sharded',
    about: 'classic',
    because:
      'a request costs less than its handoffs and locks, and updates of hot keys contend for their locks in staged',
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
    operations: { read: 50, update: 50 },
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
