import { defineScenario, eachAnswerRight, gatherLegs, ratioOf, readOrUpdate } from 'crossover'

const FAN_OUTS = [1, 4, 16]
const MOST = 16

/** One request, many keys: a thread of the staged server visits them in turn, a reactor sends messages to their shards. */
export default defineScenario({
  name: 'scatter-gather',
  question: 'What does a request over many keys cost where each key has its own shard?',
  claim: 'C06',
  theme: 'stages and handoffs',
  prediction: {
    winner: 'staged',
    about: 'both',
    because:
      'legs go to every shard, and the request waits for the slowest of them; with one key sharded wins, so the winner changes in between',
  },
  params: {
    fanOut: {
      kind: 'number',
      default: 8,
      minimum: 1,
      maximum: 16,
      unit: 'keys',
      integer: true,
      description: 'keys of each request, scattered over the shards',
    },
    writePercent: {
      kind: 'number',
      default: 0,
      minimum: 0,
      maximum: 100,
      unit: '%',
      description:
        'share of requests that update all their keys; not atomically, in neither architecture',
    },
    keyMicros: {
      kind: 'number',
      default: 1,
      minimum: 0,
      maximum: 50,
      unit: 'µs',
      description: 'CPU work on each key, under its lock where there are locks',
    },
  },
  sweeps: ['fanOut=1..16'],
  criteria: [
    {
      id: 'C06',
      claim: 'Requests over many keys suit sharing better.',
      durationTimes: 2,
      cells: Object.fromEntries(
        FAN_OUTS.flatMap((fanOut) =>
          (['staged', 'staged:layout=fused', 'sharded'] as const).map((arm) => [
            `${arm} ${fanOut}`,
            { arm, params: { fanOut }, load: '50%', loadOf: `staged ${fanOut}` },
          ]),
        ),
      ),
      figures: [
        {
          name: 'p99 of requests over 16 keys, sharded ÷ staged',
          unit: '×',
          of: ratioOf('p99', `sharded ${MOST}`, `staged ${MOST}`),
          confirmed: { above: 1.05 },
        },
        {
          name: 'the same, largest over 1, 4 and 16 keys',
          unit: '×',
          of: { largest: FAN_OUTS.map((n) => ratioOf('p99', `sharded ${n}`, `staged ${n}`)) },
          refuted: { below: 1 / 1.05 },
        },
        {
          name: 'p99 of requests over 16 keys, sharded ÷ staged (fused)',
          unit: '×',
          of: ratioOf('p99', `sharded ${MOST}`, `staged:layout=fused ${MOST}`),
        },
        {
          name: 'the same ÷ staged (fused), largest over 1, 4 and 16 keys',
          unit: '×',
          of: {
            largest: FAN_OUTS.map((n) =>
              ratioOf('p99', `sharded ${n}`, `staged:layout=fused ${n}`),
            ),
          },
        },
      ],
    },
  ],
  workload: ({ fanOut, writePercent }) => ({
    recordCount: 100_000,
    valueBytes: 100,
    operations: { read: 100 - writePercent, update: writePercent },
    keys: { kind: 'uniform' },
    keysPerRequest: { minimum: fanOut, maximum: fanOut, spread: 'scattered' },
    arrivals: { kind: 'poisson' },
  }),
  stages: ({ keyMicros }) => [
    { name: 'decode', codec: 'decode', run: (request) => request.hashKey() },
    {
      name: 'apply',
      access: 'by-operation',
      burn: { micros: keyMicros },
      run: readOrUpdate,
      runKey: readOrUpdate,
      combine: gatherLegs,
    },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
