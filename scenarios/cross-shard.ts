import { defineScenario, eachAnswerRight, readOrUpdate } from 'crossover'

/**
 * Requests that arrive at a core which does not own their key: the sharded server sends two messages for each. Both
 * architectures get them at the same ports. Batches are the arm's: `--arms sharded:batch=1,sharded:batch=16`.
 */
export default defineScenario({
  name: 'cross-shard',
  question: 'What does a request cost that arrives at a shard which does not own its key?',
  claim: 'C05',
  theme: 'stages and handoffs',
  prediction: {
    winner: 'sharded',
    about: 'classic',
    because:
      'two messages, which a busy reactor sends and takes in batches, are fewer than four handoffs; but the lead shrinks as the share grows, and at low load, where each message wakes a sleeping reactor, a share near 100 % may lose it to staged, to which shards are nothing',
  },
  params: {
    remotePercent: {
      kind: 'number',
      default: 50,
      minimum: 0,
      maximum: 100,
      unit: '%',
      description:
        'share of requests that arrive at a port other than that of their key’s shard; with k ports chance makes it (k − 1) ÷ k',
    },
    keys: {
      kind: 'number',
      default: 10_000,
      minimum: 1,
      maximum: 1_000_000,
      unit: 'keys',
      integer: true,
      description: 'records stored before the first request, all asked for alike',
    },
  },
  sweeps: ['remotePercent=0..100'],
  criteria: [
    {
      id: 'C05',
      claim: 'A machine is a distributed system: its messages have a price.',
      durationTimes: 2,
      cells: {
        'local 20%': { arm: 'sharded', params: { remotePercent: 0 }, load: '20%' },
        'remote 20%': { arm: 'sharded', params: { remotePercent: 100 }, load: '20%' },
        'local 80%': { arm: 'sharded', params: { remotePercent: 0 }, load: '80%' },
        'remote 80%': { arm: 'sharded', params: { remotePercent: 100 }, load: '80%' },
      },
      figures: [
        {
          name: 'p99 of sharded at 20%, all keys remote ÷ all local',
          unit: '×',
          of: {
            ratio: [
              { cell: 'remote 20%', metric: 'p99' },
              { cell: 'local 20%', metric: 'p99' },
            ],
          },
          confirmed: { above: 1.1 },
          refuted: { below: 1.1 },
        },
        {
          name: 'median at 20%',
          unit: '×',
          of: {
            ratio: [
              { cell: 'remote 20%', metric: 'p50' },
              { cell: 'local 20%', metric: 'p50' },
            ],
          },
        },
        {
          name: 'p99 at 80%',
          unit: '×',
          of: {
            ratio: [
              { cell: 'remote 80%', metric: 'p99' },
              { cell: 'local 80%', metric: 'p99' },
            ],
          },
        },
      ],
    },
  ],
  workload: ({ remotePercent, keys }) => ({
    recordCount: keys,
    valueBytes: 100,
    operations: { read: 1, update: 1 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
    remoteShare: remotePercent / 100,
  }),
  // Hashing needs no record, and a stage of its own would be a handoff that only staged pays.
  stages: () => [
    { name: 'decode', codec: 'decode', run: (request) => request.hashKey() },
    { name: 'apply', access: 'by-operation', run: readOrUpdate },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
