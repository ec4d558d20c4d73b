import { defineScenario, eachAnswerRight, readOrUpdate } from 'crossover'

/** YCSB F, “read-modify-write”: half reads, half requests that read a record and write it back. */
export default defineScenario({
  name: 'ycsb-f',
  question: 'What does it cost that a record is read and written in one go?',
  theme: 'locks',
  prediction: {
    winner: 'sharded',
    about: 'classic',
    because:
      'the lock is held, or the shard kept busy, for two copies of a record instead of one, still less than the handoffs',
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
    operations: { read: 50, update: 0, readModifyWrite: 50 },
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
