import { defineScenario, eachAnswerRight, readOrUpdate } from 'crossover'

/**
 * Small requests, half of them updates, uniform keys: nothing but the architecture keeps cores apart. Sweep the cores: the fit of
 * Gunther's law says how much of the work is serial (σ) and how much cores spend on agreeing (κ). Near and far memory (C24)
 * cannot be told apart on a machine with one node.
 */
export default defineScenario({
  name: 'core-scaling',
  question: 'How much more does each further core serve?',
  claim: 'C04',
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
