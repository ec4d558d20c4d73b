import { defineScenario, eachAnswerRight, readOrUpdate } from 'crossover'

/** YCSB B, “read mostly”: 95 % reads, 5 % updates, zipfian keys. */
export default defineScenario({
  name: 'ycsb-b',
  question: 'Which architecture serves requests that nearly always read with the lower tail?',
  theme: 'locks',
  prediction: {
    winner: 'sharded',
    about: 'classic',
    because:
      'a request costs less than its handoffs; reads of one key need not exclude each other, so locks matter less than in A',
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
    operations: { read: 95, update: 5 },
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
