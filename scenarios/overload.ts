import { defineScenario, eachAnswerRight, readOrUpdate } from 'crossover'

/**
 * More requests than anybody could serve. By default staged's controllers size its pools and it refuses what waited for longer
 * than 20 ms, while sharded admits all that its port has room for; give both the same with
 * `--arms staged:deadlineMillis=20,sharded:deadlineMillis=20`.
 */
export default defineScenario({
  name: 'overload',
  question: 'What is still answered when half as much again, or three times as much, is asked for?',
  claim: 'C21',
  theme: 'overload',
  prediction: {
    winner: 'staged',
    about: 'both',
    orTie: true,
    because:
      'controllers and bounded queues keep it at its capacity, while a reactor without permits of its own accepts more than it can finish; refuted where its throughput falls past saturation',
  },
  params: {
    workMicros: {
      kind: 'number',
      default: 20,
      minimum: 0,
      maximum: 1_000,
      unit: 'µs',
      description: 'CPU work of a request, under its key’s lock where there are locks',
    },
  },
  defaults: {
    arms: 'staged:controllers=both:deadlineMillis=20,sharded:permits=16384',
    loads: '150%,300%',
    metric: 'throughput',
  },
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
