import { defineScenario, eachAnswerRight, metricOf, readOrUpdate } from 'crossover'

/** Software that is not performance-sensitive: one core, and little for it to do. */
export default defineScenario({
  name: 'low-load',
  question: 'Does the architecture matter to a server that idles most of the time?',
  claim: 'C16',
  theme: 'waiting and polling',
  prediction: {
    winner: 'staged',
    about: 'both',
    orTie: true,
    because:
      'threads are more than fine there: with one core nobody waits for a lock and a handoff is a switch of a few microseconds',
  },
  params: {
    workMicros: {
      kind: 'number',
      default: 50,
      minimum: 0,
      maximum: 1_000,
      unit: 'µs',
      description: 'CPU work of a request, under its key’s lock where there are locks',
    },
  },
  defaults: { cores: 1, loads: '1%,5%,20%' },
  sweeps: ['load=1%..20%'],
  criteria: [
    {
      id: 'C16',
      claim: 'Software that is not performance-sensitive is fine with threads.',
      durationTimes: 2,
      cells: {
        staged: { arm: 'staged', load: '20%', cores: 1 },
        fused: { arm: 'staged:layout=fused', load: '20%', cores: 1 },
        sharded: { arm: 'sharded', load: '20%', cores: 1 },
      },
      figures: [
        {
          name: 'p99, staged − sharded, one core at 20%',
          unit: 'ms',
          of: { difference: [metricOf('staged', 'p99'), metricOf('sharded', 'p99')] },
          confirmed: { below: 1 },
          refuted: { above: 1 },
        },
        {
          name: 'the same, staged (fused) − sharded',
          unit: 'ms',
          of: { difference: [metricOf('fused', 'p99'), metricOf('sharded', 'p99')] },
        },
      ],
    },
  ],
  workload: () => ({
    recordCount: 10_000,
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
