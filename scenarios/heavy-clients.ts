import { acknowledge, defineScenario, eachAnswerRight, ratioOf } from 'crossover'

/** Heavy clients send as much as all others. */
const EVEN = { heavyPercent: 10, requestPercent: 10 }

/**
 * Connections are spread evenly over the cores, requests are not: a few clients send most of them (wtx 2026: 10 % send 90 %).
 * `--loads 80%-of-busiest` offers what keeps the busiest port's core at 80 %; the report says how many requests per second that is, and
 * as many with `--param requestPercent=10` is the load of clients that are alike.
 */
export default defineScenario({
  name: 'heavy-clients',
  question: 'What happens to the core whose clients send the most?',
  claim: 'C22',
  theme: 'skew',
  prediction: {
    winner: 'staged',
    about: 'both',
    because:
      'a client stays with the reactor that accepted it, so the core with more heavy clients queues while the other idles; a pool takes the work of both ports',
  },
  params: {
    clients: {
      kind: 'number',
      default: 30,
      minimum: 1,
      maximum: 1_000,
      unit: 'clients',
      integer: true,
      description: 'all clients, spread evenly over the ports',
    },
    heavyPercent: {
      kind: 'number',
      default: 10,
      minimum: 0,
      maximum: 100,
      unit: '%',
      description: 'share of the clients that is heavy; at least one is',
    },
    requestPercent: {
      kind: 'number',
      default: 90,
      minimum: 0,
      maximum: 100,
      unit: '%',
      description: 'share of the requests that heavy clients send',
    },
    workMicros: {
      kind: 'number',
      default: 50,
      minimum: 0,
      maximum: 1_000,
      unit: 'µs',
      description:
        'CPU work of a request, where it arrives in sharded, in any thread of the pool in staged',
    },
  },
  sweeps: ['requestPercent=0..100'],
  criteria: [
    {
      id: 'C22',
      claim: 'A few heavy clients hurt the light ones.',
      rounds: 12,
      cells: {
        'sharded heavy': { arm: 'sharded', load: '80%', loadOf: 'own' },
        'sharded even': { arm: 'sharded', params: EVEN, load: '80%', loadOf: 'sharded heavy' },
        'staged heavy': { arm: 'staged', load: '80%', loadOf: 'sharded heavy' },
        'staged even': { arm: 'staged', params: EVEN, load: '80%', loadOf: 'sharded heavy' },
      },
      figures: [
        {
          name: 'p99 of light clients, heavy ones ÷ even, the busiest shard at 80%',
          unit: '×',
          of: ratioOf('p99', 'sharded heavy', 'sharded even', 'light'),
          confirmed: { above: 1.1 },
          refuted: { below: 1.1 },
        },
        {
          name: 'that ÷ the same of staged',
          unit: '×',
          of: {
            ratio: [
              ratioOf('p99', 'sharded heavy', 'sharded even', 'light'),
              ratioOf('p99', 'staged heavy', 'staged even', 'light'),
            ],
          },
          confirmed: { above: 1 },
        },
      ],
    },
  ],
  workload: ({ clients, heavyPercent, requestPercent }) => ({
    recordCount: 1,
    valueBytes: 8,
    operations: { read: 1, update: 0 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
    heavyClients: {
      clients,
      heavyShare: heavyPercent / 100,
      requestShare: requestPercent / 100,
    },
    classes: { by: 'client', names: ['heavy', 'light'] },
  }),
  stages: ({ workMicros }) => [
    { name: 'serve', codec: 'both', burn: { micros: workMicros }, run: acknowledge },
  ],
  verify: eachAnswerRight,
})
