import { defineScenario, eachAnswerRight, ratioOf, readOrUpdate } from 'crossover'

/** With two shards 65 % of the requests go to one of them; so much work that staged, whose handoffs cost CPU time, keeps up with that. */
const HOT = { hotPercent: 30, workMicros: 100 }
const EVEN = { theta: 0, workMicros: 100 }

/**
 * Requests that want the same few records. The shard of the hottest keys fills up while others idle; threads that share all
 * records spread over them, as long as reads need not exclude each other: hence reader-writer locks by default.
 * `--loads 80%-of-busiest` offers what keeps the hot shard at 80 %, and the report says how many requests per second that is: the same
 * with `--param theta=0` is the load without the skew.
 */
export default defineScenario({
  name: 'hot-key',
  question: 'What does it cost that some keys are asked for far more often than others?',
  claim: 'C18',
  theme: 'skew',
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
  criteria: [
    {
      id: 'C18',
      claim: 'A hot key hurts the innocent on its shard.',
      rounds: 12,
      cells: {
        'sharded hot': { arm: 'sharded', params: HOT, load: '80%', loadOf: 'own' },
        'sharded even': { arm: 'sharded', params: EVEN, load: '80%', loadOf: 'sharded hot' },
        'staged hot': { arm: 'staged', params: HOT, load: '80%', loadOf: 'sharded hot' },
        'staged even': { arm: 'staged', params: EVEN, load: '80%', loadOf: 'sharded hot' },
      },
      figures: [
        {
          name: 'p99 of other keys of the hot shard, hot ÷ none, the hot shard at 80%',
          unit: '×',
          of: ratioOf('p99', 'sharded hot', 'sharded even', 'same-shard'),
          confirmed: { above: 1.1 },
          refuted: { below: 1.1 },
        },
        {
          name: 'that ÷ the same of staged',
          unit: '×',
          of: {
            ratio: [
              ratioOf('p99', 'sharded hot', 'sharded even', 'same-shard'),
              ratioOf('p99', 'staged hot', 'staged even', 'same-shard'),
            ],
          },
          confirmed: { above: 1 },
        },
        {
          name: 'p99 of keys of other shards, sharded, hot ÷ none',
          unit: '×',
          of: ratioOf('p99', 'sharded hot', 'sharded even', 'other-shards'),
        },
      ],
    },
  ],
  workload: ({ theta, hotPercent, writePercent, keys }) => ({
    recordCount: keys,
    valueBytes: 100,
    operations: { read: 100 - writePercent, update: writePercent },
    keys: hotPercent > 0 ? { kind: 'hot-key', share: hotPercent / 100 } : { kind: 'zipf', theta },
    arrivals: { kind: 'poisson' },
    // With even keys (theta 0) they are the same keys: what the innocent on the shard lose is one class against itself.
    classes: { by: 'hot-key', names: ['hot', 'same-shard', 'other-shards'] },
  }),
  stages: ({ workMicros }) => [
    { name: 'decode', codec: 'decode', run: (request) => request.hashKey() },
    { name: 'apply', access: 'by-operation', burn: { micros: workMicros }, run: readOrUpdate },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
