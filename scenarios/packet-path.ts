import { defineScenario, eachAnswerRight, readOrUpdate } from 'crossover'

/**
 * How many threads a request passes on its way in and out. Staged has three hops, into both stages and back, and two with
 * `layout=fused`; sharded has none for an own key and two for another shard's. The counters tell hops per request.
 */
export default defineScenario({
  name: 'packet-path',
  question: 'What does each thread cost that a request passes on its way?',
  claim: 'C14',
  prediction: {
    winner: 'sharded',
    about: 'both',
    because:
      'with shard-aware clients a request stays on the core that received it; fewer hops win, whatever the architecture is called',
  },
  params: {
    remotePercent: {
      kind: 'number',
      default: 0,
      minimum: 0,
      maximum: 100,
      unit: '%',
      description:
        'share of requests that arrive at another shard: two hops each in sharded, no matter in staged',
    },
  },
  sweeps: ['remotePercent=0..100'],
  workload: ({ remotePercent }) => ({
    recordCount: 10_000,
    valueBytes: 100,
    operations: { read: 1, update: 0 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
    remoteShare: remotePercent / 100,
  }),
  // Hashing needs a stage before the keyed one.
  stages: () => [
    { name: 'receive', codec: 'decode', run: (request) => request.hashKey() },
    { name: 'reply', codec: 'encode', access: 'read', run: readOrUpdate },
  ],
  verify: eachAnswerRight,
})
