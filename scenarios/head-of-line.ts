import {
  acknowledge,
  defineScenario,
  DRAWN,
  eachAnswerRight,
  metricOf,
  ratioOf,
  SERVICE_SHAPES,
} from 'crossover'
import type { ServiceShape } from 'crossover'

/**
 * Short requests behind long ones. Whether a reactor takes long ones in slices is the arm's: `sharded:slices=off` lets each
 * run to its end. Sweep `meanMicros` to see how much service it takes until waiting outweighs handoffs.
 */
export default defineScenario({
  name: 'head-of-line',
  question: 'What happens to short requests that arrive behind long ones?',
  claim: 'C19',
  theme: 'scheduling',
  prediction: {
    winner: 'staged',
    about: 'both',
    because:
      'a short request that arrives at a reactor with a long one waits although the other core is free; slices bound the wait, but at a hundred microseconds of work even fair shares of one core lose to a queue that both cores serve',
  },
  params: {
    shape: {
      kind: 'choice',
      default: 'bimodal-2',
      choices: Object.keys(SERVICE_SHAPES),
      description:
        'distribution of service times: ZygOS’s bimodal ones, Shinjuku’s and Perséphone’s, TPC-C’s and RocksDB’s mixes',
    },
    meanMicros: {
      kind: 'number',
      default: 100,
      minimum: 1,
      maximum: 1_000,
      unit: 'µs',
      description: 'mean CPU time of a request; the ratios of a shape stay the same',
    },
  },
  sweeps: ['meanMicros=1..1000', 'load=10%..95%'],
  criteria: [
    {
      id: 'C19',
      claim: 'Long requests hold up short ones on a reactor; slices help.',
      rounds: 12,
      durationTimes: 2,
      cells: {
        whole: { arm: 'sharded:slices=off', load: '50%', loadOf: 'whole' },
        slices: { arm: 'sharded', load: '50%', loadOf: 'whole' },
        shared: { arm: 'staged', load: '50%', loadOf: 'whole' },
      },
      figures: [
        {
          name: 'share of the gap in p99 of short requests to one shared queue that slices close',
          unit: '%',
          of: {
            share: {
              from: metricOf('whole', 'p99', 'short'),
              by: metricOf('slices', 'p99', 'short'),
              to: metricOf('shared', 'p99', 'short'),
            },
          },
          confirmed: { above: 80 },
          refuted: { below: 80 },
        },
        {
          name: 'p99 of short requests, slices ÷ whole',
          unit: '×',
          of: ratioOf('p99', 'slices', 'whole', 'short'),
        },
      ],
      onlyIf: [
        {
          name: 'p99 of short requests, whole ÷ one shared queue',
          unit: '×',
          of: ratioOf('p99', 'whole', 'shared', 'short'),
          holds: { above: 1.25 },
        },
      ],
    },
  ],
  workload: ({ shape, meanMicros }) => ({
    recordCount: 1,
    valueBytes: 8,
    operations: { read: 1, update: 0 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
    serviceTimes: SERVICE_SHAPES[shape as ServiceShape](meanMicros),
    classes: { by: 'service-time', upToMicros: [meanMicros], names: ['short', 'long'] },
  }),
  stages: () => [{ name: 'serve', codec: 'both', burn: { micros: DRAWN }, run: acknowledge }],
  verify: eachAnswerRight,
})
