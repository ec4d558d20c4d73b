import { defineScenario, eachAnswerRight, readOrUpdate } from 'crossover'

/** Software that is not performance-sensitive: one core, and little for it to do. */
export default defineScenario({
  name: 'low-load',
  question: 'Does the architecture matter to a server that idles most of the time?',
  claim: 'C16',
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
