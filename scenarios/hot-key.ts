import { defineScenario, eachAnswerRight, readOrUpdate } from 'crossover'

/**
 * Requests that want the same few records. The shard of the hottest keys fills up while others idle; threads that share all
 * records spread over them, as long as reads need not exclude each other: hence reader-writer locks by default.
 */
export default defineScenario({
  name: 'hot-key',
  question: 'What does it cost that some keys are asked for far more often than others?',
  claim: 'C18',
  prediction: {
    winner: 'staged',
    about: 'classic',
    because:
      'the busiest shard gets more than its share of the requests and they queue there, while any thread may read any record; with updates the lock of the hottest record is as narrow as its shard, a tie',
  },
  params: {
    theta: {
      kind: 'number',
      default: 1.2,
      minimum: 0,
      maximum: 1.2,
      unit: 'θ',
      description: 'skew of the keys: zipf’s exponent, 0 for uniform keys',
    },
    hotPercent: {
      kind: 'number',
      default: 0,
      minimum: 0,
      maximum: 50,
      unit: '%',
      description:
        'share of the requests for one key, the others alike, in place of theta; 0 for theta',
    },
    writePercent: {
      kind: 'number',
      default: 0,
      minimum: 0,
      maximum: 100,
      unit: '%',
      description: 'share of updates; the rest are reads',
    },
    workMicros: {
      kind: 'number',
      default: 20,
      minimum: 0,
      maximum: 200,
      unit: 'µs',
      description: 'CPU work on the record, under its lock where there are locks',
    },
    keys: {
      kind: 'number',
      default: 1_000,
      minimum: 2,
      maximum: 1_000_000,
      unit: 'keys',
      integer: true,
      description: 'records stored before the first request',
    },
  },
  defaults: { arms: 'staged:locks=reader-writer,sharded' },
  sweeps: ['theta=0..1.2', 'hotPercent=1..50'],
  workload: ({ theta, hotPercent, writePercent, keys }) => ({
    recordCount: keys,
    valueBytes: 100,
    operations: { read: 100 - writePercent, update: writePercent },
    keys: hotPercent > 0 ? { kind: 'hot-key', share: hotPercent / 100 } : { kind: 'zipf', theta },
    arrivals: { kind: 'poisson' },
  }),
  stages: ({ workMicros }) => [
    { name: 'decode', codec: 'decode', run: (request) => request.hashKey() },
    { name: 'apply', access: 'by-operation', burn: { micros: workMicros }, run: readOrUpdate },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
