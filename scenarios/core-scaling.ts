import { defineScenario, eachAnswerRight, ratioOf, readOrUpdate } from 'crossover'

/**
 * Small requests, half of them updates, uniform keys: nothing but the architecture keeps cores apart. Sweep the cores: the fit of
 * Gunther's law says how much of the work is serial (σ) and how much cores spend on agreeing (κ). Near and far memory (C24)
 * cannot be told apart on a machine with one node.
 */
export default defineScenario({
  name: 'core-scaling',
  question: 'How much more does each further core serve?',
  claim: 'C04',
  theme: 'stages and handoffs',
  prediction: {
    winner: 'sharded',
    about: 'both',
    because:
      'shards share nothing but mailboxes, so throughput grows with the cores; in staged queues and their locks are shared by all, and each further core contends for them',
  },
  params: {
    workMicros: {
      kind: 'number',
      default: 1,
      minimum: 0,
      maximum: 100,
      unit: 'µs',
      description: 'CPU work of a request, under its key’s lock where there are locks',
    },
  },
  defaults: { loads: 'max,50%' },
  sweeps: ['cores=1..2'],
  criteria: [
    {
      id: 'C04',
      claim: 'Partitions that share nothing need no synchronisation, and scale for it.',
      needs: { processors: 2 },
      rounds: 16,
      cells: {
        'aware 1': { arm: 'sharded:routing=shard-aware', load: 'max', cores: 1 },
        'aware all': { arm: 'sharded:routing=shard-aware', load: 'max' },
        'random 1': { arm: 'sharded', load: 'max', cores: 1 },
        'random all': { arm: 'sharded', load: 'max' },
        'staged 1': { arm: 'staged', load: 'max', cores: 1 },
        'staged all': { arm: 'staged', load: 'max' },
      },
      figures: [
        {
          name: 'throughput gained from one core to all, sharded (shard-aware) ÷ staged',
          unit: '×',
          of: {
            ratio: [
              ratioOf('throughput', 'aware all', 'aware 1'),
              ratioOf('throughput', 'staged all', 'staged 1'),
            ],
          },
          confirmed: { above: 1.1 },
          refuted: { below: 1.1 },
        },
        {
          name: 'the same, connections at random',
          unit: '×',
          of: {
            ratio: [
              ratioOf('throughput', 'random all', 'random 1'),
              ratioOf('throughput', 'staged all', 'staged 1'),
            ],
          },
        },
        {
          name: 'gained by sharded (shard-aware); USL’s σ and κ take three numbers of cores, and one and all are two',
          unit: '×',
          of: ratioOf('throughput', 'aware all', 'aware 1'),
        },
        {
          name: 'gained by staged',
          unit: '×',
          of: ratioOf('throughput', 'staged all', 'staged 1'),
        },
      ],
    },
    {
      id: 'C24',
      claim: 'Memory is not uniform: that of another node is farther.',
      untestable: 'this harness places no memory on nodes yet, and it takes two of them',
    },
    {
      id: 'C26',
      claim: 'If one machine is not enough, use more of them.',
      untestable: 'it takes several machines, and this is one',
    },
  ],
  workload: () => ({
    recordCount: 100_000,
    valueBytes: 100,
    operations: { read: 1, update: 1 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
  }),
  stages: ({ workMicros }) => [
    { name: 'decode', codec: 'decode', run: (request) => request.hashKey() },
    { name: 'apply', access: 'by-operation', burn: { micros: workMicros }, run: readOrUpdate },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
