import { defineScenario, eachAnswerRight, metricOf, readOrUpdate } from 'crossover'

/** What a stage does that only hands on. */
function pass(): void {}

/**
 * How many threads a request passes on its way in and out. Staged has three hops, into both stages and back, and two with
 * `layout=fused`; sharded has none for an own key and two for another shard's. The counters tell hops per request.
 */
export default defineScenario({
  name: 'packet-path',
  question: 'What does each thread cost that a request passes on its way?',
  claim: 'C14',
  theme: 'stages and handoffs',
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
    moreHops: {
      kind: 'number',
      default: 0,
      minimum: 0,
      maximum: 6,
      unit: 'hops',
      integer: true,
      description: 'stages between the two, which only pass a request on: a hop each in staged',
    },
  },
  sweeps: ['remotePercent=0..100'],
  criteria: [
    {
      id: 'C14',
      claim: 'Each processor that handles a packet on its way costs.',
      rounds: 6,
      cells: {
        'no hop': { arm: 'staged', params: { moreHops: 0 }, load: '10000/s' },
        'one hop': { arm: 'staged', params: { moreHops: 1 }, load: '10000/s' },
        'two hops': { arm: 'staged', params: { moreHops: 2 }, load: '10000/s' },
        'three hops': { arm: 'staged', params: { moreHops: 3 }, load: '10000/s' },
      },
      figures: [
        {
          name: 'growth of the median per further hop, of that without',
          unit: '%',
          of: {
            ratio: [
              {
                growth: {
                  over: 'moreHops',
                  cells: ['no hop', 'one hop', 'two hops', 'three hops'],
                  metric: 'p50',
                },
              },
              metricOf('no hop', 'p50'),
            ],
          },
          confirmed: { above: 10 },
          refuted: { below: 2 },
        },
      ],
    },
  ],
  workload: ({ remotePercent }) => ({
    recordCount: 10_000,
    valueBytes: 100,
    operations: { read: 1, update: 0 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
    remoteShare: remotePercent / 100,
  }),
  // Hashing needs a stage before the keyed one.
  stages: ({ moreHops }) => [
    { name: 'receive', codec: 'decode', run: (request) => request.hashKey() },
    ...Array.from({ length: moreHops }, (_, hop) => ({ name: `pass-${hop + 1}`, run: pass })),
    { name: 'reply', codec: 'encode', access: 'read', run: readOrUpdate },
  ],
  verify: eachAnswerRight,
})
