import { defineScenario, eachAnswerRight, metricOf, ratioOf, readOrUpdate } from 'crossover'

/** The same thread pool on a slow substrate and on a fast one. */
const SLOW = 'staged:idle=park:locks=striped'
const FAST = 'staged:idle=spin-park:locks=optimistic'

/** How much of the way from the slow one to sharded another one takes. */
function recovered(metric: 'p99' | 'throughput', by: string, load: string) {
  const of = (server: string) => metricOf(`${server} ${load}`, metric)
  return { share: { from: of('slow'), by: of(by), to: of('sharded') } }
}

/** YCSB A's mix with F's kind of update: half reads, half read-modify-writes of the whole value, skewed keys. */
export default defineScenario({
  name: 'kv-update',
  question:
    'Which architecture serves small reads and updates of a skewed key-value store with the lower tail?',
  claim: 'C02',
  theme: 'stages and handoffs',
  prediction: {
    winner: 'sharded',
    about: 'classic',
    because:
      'a request costs less than the handoffs, locks and wake-ups that a staged server adds to it',
  },
  params: {
    keys: {
      kind: 'number',
      default: 100_000,
      minimum: 1,
      maximum: 4_000_000,
      unit: 'keys',
      integer: true,
      description: 'records stored before the first request',
    },
    valueBytes: {
      kind: 'number',
      default: 100,
      minimum: 8,
      maximum: 1_024,
      unit: 'bytes',
      integer: true,
      description: 'size of every value, a multiple of 4, version and checksum included',
    },
    updatePercent: {
      kind: 'number',
      default: 50,
      minimum: 0,
      maximum: 100,
      unit: '%',
      description: 'share of read-modify-writes; the rest are reads',
    },
    distribution: {
      kind: 'choice',
      default: 'scrambled-zipfian',
      choices: ['scrambled-zipfian', 'uniform'],
      description: 'how keys are chosen',
    },
  },
  criteria: [
    {
      id: 'C02',
      claim: 'A large thread pool gains little from a faster substrate.',
      cells: {
        'slow 20%': { arm: SLOW, load: '20%', loadOf: 'slow 20%' },
        'fast 20%': { arm: FAST, load: '20%', loadOf: 'slow 20%' },
        'sharded 20%': { arm: 'sharded', load: '20%', loadOf: 'slow 20%' },
        'slow max': { arm: SLOW, load: 'max' },
        'fast max': { arm: FAST, load: 'max' },
        'sharded max': { arm: 'sharded', load: 'max' },
        'fused 20%': {
          arm: 'staged:layout=fused:idle=park:locks=striped',
          load: '20%',
          loadOf: 'slow 20%',
        },
        'batches 20%': { arm: `${SLOW}:batch=16`, load: '20%', loadOf: 'slow 20%' },
      },
      figures: [
        {
          name: 'share of the way to sharded by idle policy and locks, the larger of p99 and throughput',
          unit: '%',
          of: {
            largest: [recovered('p99', 'fast', '20%'), recovered('throughput', 'fast', 'max')],
          },
          confirmed: { below: 100 / 3 },
          refuted: { above: 100 / 3 },
        },
        {
          name: 'of p99 at 20%',
          unit: '%',
          of: recovered('p99', 'fast', '20%'),
        },
        {
          name: 'of saturated throughput',
          unit: '%',
          of: recovered('throughput', 'fast', 'max'),
        },
        {
          name: 'of p99 at 20%, by the fused layout',
          unit: '%',
          of: recovered('p99', 'fused', '20%'),
        },
        {
          name: 'of p99 at 20%, by batches of 16',
          unit: '%',
          of: recovered('p99', 'batches', '20%'),
        },
      ],
      onlyIf: [
        {
          name: 'p99 at 20%, sharded ÷ staged',
          unit: '×',
          of: ratioOf('p99', 'sharded 20%', 'slow 20%'),
          holds: { outside: [1, 1] },
        },
        {
          name: 'saturated throughput, sharded ÷ staged',
          unit: '×',
          of: ratioOf('throughput', 'sharded max', 'slow max'),
          holds: { outside: [1, 1] },
        },
      ],
    },
  ],
  workload: (params) => ({
    recordCount: params.keys,
    valueBytes: params.valueBytes,
    operations: { read: 100 - params.updatePercent, update: params.updatePercent },
    keys: { kind: params.distribution === 'uniform' ? 'uniform' : 'scrambled-zipfian' },
    arrivals: { kind: 'poisson' },
  }),
  stages: () => [
    { name: 'decode', codec: 'decode' },
    { name: 'route', run: (request) => request.hashKey() },
    { name: 'apply', access: 'by-operation', run: readOrUpdate },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
