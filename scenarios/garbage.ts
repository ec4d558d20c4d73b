import { acknowledge, defineScenario, eachAnswerRight, metricOf, ratioOf } from 'crossover'

/** Handlers that allocate: each thread has a heap of its own, and its collector stops that thread alone. */
export default defineScenario({
  name: 'garbage',
  question: 'How unpredictable does it get when handlers leave garbage?',
  claim: 'C13',
  theme: 'memory and caches',
  prediction: {
    winner: 'sharded',
    about: 'classic',
    because:
      'a collection stops one thread in either architecture: a shard’s requests wait for it there, where staged has others of the pool; but the collectors’ own threads fight with staged’s many for the same processors',
  },
  params: {
    objects: {
      kind: 'number',
      default: 200,
      minimum: 0,
      maximum: 10_000,
      unit: 'objects',
      integer: true,
      description: 'objects of about 64 bytes that a request leaves',
    },
    keptPercent: {
      kind: 'number',
      default: 10,
      minimum: 0,
      maximum: 100,
      unit: '%',
      description: 'of these kept until 131,072 others were made: they survive young collections',
    },
  },
  defaults: { metric: 'p99.9' },
  sweeps: ['objects=0..10000'],
  criteria: [
    {
      id: 'C13',
      claim: 'Control gives predictability.',
      rounds: 12,
      durationTimes: 4,
      cells: {
        staged: { arm: 'staged', load: '50%', loadOf: 'staged' },
        fused: { arm: 'staged:layout=fused', load: '50%', loadOf: 'staged' },
        sharded: { arm: 'sharded', load: '50%', loadOf: 'staged' },
      },
      figures: [
        {
          name: 'p99.9 − p50, staged ÷ sharded, at equal heap churn',
          unit: '×',
          of: ratioOf('spread', 'staged', 'sharded'),
          confirmed: { above: 1.25 },
          refuted: { below: 1.1 },
        },
        {
          name: 'the same, staged (fused) ÷ sharded',
          unit: '×',
          of: ratioOf('spread', 'fused', 'sharded'),
        },
        {
          name: 'windows of 100 ms with a p99 above 1 ms, staged',
          unit: '%',
          of: metricOf('staged', 'lateWindows'),
        },
        { name: 'the same, sharded', unit: '%', of: metricOf('sharded', 'lateWindows') },
      ],
    },
  ],
  workload: () => ({
    recordCount: 1,
    valueBytes: 8,
    operations: { read: 1, update: 0 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
  }),
  stages: ({ objects, keptPercent }) => [
    { name: 'decode', codec: 'decode' },
    {
      name: 'build',
      churn: { objects, kept: Math.round((objects * keptPercent) / 100) },
      run: acknowledge,
    },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
