import { defineScenario, eachAnswerRight, readOrUpdate } from 'crossover'

/** YCSB D, “read latest”: 95 % reads, most of them of what was inserted last, 5 % inserts. */
export default defineScenario({
  name: 'ycsb-d',
  question:
    'Which architecture serves a feed, whose newest records are asked for most, with the lower tail?',
  theme: 'skew',
  prediction: {
    winner: 'sharded',
    about: 'classic',
    because:
      'a request costs less than its handoffs; new records are scattered over the shards, so none of them stays hot',
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
    insertRoom: 200_000,
    // Ten fields of 100 bytes, and the head of a value.
    valueBytes: 1_008,
    operations: { read: 95, update: 0, insert: 5 },
    keys: { kind: 'latest' },
    arrivals: { kind: 'poisson' },
  }),
  stages: () => [
    { name: 'decode', codec: 'decode', run: (request) => request.hashKey() },
    { name: 'apply', access: 'by-operation', run: readOrUpdate },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
