import { defineScenario, eachAnswerRight, readOrUpdate } from 'crossover'

/** YCSB A's mix with F's kind of update: half reads, half read-modify-writes of the whole value, skewed keys. */
export default defineScenario({
  name: 'kv-update',
  question:
    'Which architecture serves small reads and updates of a skewed key-value store with the lower tail?',
  claim: 'C04',
  prediction: {
    winner: 'sharded',
    about: 'classic',
    because:
      'a request costs less than the handoffs, locks and wake-ups that a staged server adds to it',
  },
  params: {
    keys: {
      kind: 'number',
      default: 100_000,
      minimum: 1,
      maximum: 4_000_000,
      unit: 'keys',
      integer: true,
      description: 'records stored before the first request',
    },
    valueBytes: {
      kind: 'number',
      default: 100,
      minimum: 8,
      maximum: 1_024,
      unit: 'bytes',
      integer: true,
      description: 'size of every value, a multiple of 4, version and checksum included',
    },
    updatePercent: {
      kind: 'number',
      default: 50,
      minimum: 0,
      maximum: 100,
      unit: '%',
      description: 'share of read-modify-writes; the rest are reads',
    },
    distribution: {
      kind: 'choice',
      default: 'scrambled-zipfian',
      choices: ['scrambled-zipfian', 'uniform'],
      description: 'how keys are chosen',
    },
  },
  workload: (params) => ({
    recordCount: params.keys,
    valueBytes: params.valueBytes,
    operations: { read: 100 - params.updatePercent, update: params.updatePercent },
    keys: { kind: params.distribution === 'uniform' ? 'uniform' : 'scrambled-zipfian' },
    arrivals: { kind: 'poisson' },
  }),
  stages: () => [
    { name: 'decode', codec: 'decode' },
    { name: 'route', run: (request) => request.hashKey() },
    { name: 'apply', access: 'by-operation', run: readOrUpdate },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
