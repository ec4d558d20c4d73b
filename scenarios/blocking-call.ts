import { acknowledge, defineScenario, DRAWN, eachAnswerRight, metricOf, ratioOf } from 'crossover'

/** Calls that nobody knew to block, some five in half a second of the cell: does the detector of an arm see them? */
function detected(arm: 'staged' | 'sharded') {
  const planted = { known: 'no', oneIn: 10_000, stallMillis: 1, longestMillis: 20 }
  return {
    id: `C17-${arm}`,
    claim: `Calls that should not block sometimes do; the detector sees them: ${arm}.`,
    cells: { planted: { arm: `${arm}:stallMillis=0.5`, params: planted, load: '100000/s' } },
    figures: [
      {
        name: 'planted stalls of 1–20 ms, 1 in 10,000, named with their stage at 0.5 ms',
        unit: '%',
        // A round in which none was planted says nothing.
        of: { ratio: [metricOf('planted', 'stallsNamed'), metricOf('planted', 'stallsPlanted')] },
        confirmed: { above: 95 },
        refuted: { below: 95 },
      },
      {
        name: 'named besides, in a trial',
        unit: '',
        of: metricOf('planted', 'stallsBesides'),
        confirmed: { within: [0, 0] },
      },
    ],
  } as const
}

/** Of calls, evenly spread. */
function lengths(from: number, to: number): readonly number[] {
  return to <= from ? [from] : [0, 1, 2, 3, 4].map((step) => from + ((to - from) * step) / 4)
}

/**
 * One request in many makes a call that blocks. By default the sharded arm has no off-load pool, since that is the claim; compare
 * with `--arms staged,sharded`. With `known=no` nobody expected the call to block (C17): staged has only its usual threads for
 * the stage, and no arm can off-load it. A detector sees it then: with `--arms staged:stallMillis=0.5,sharded:stallMillis=0.5 --param
 * known=no --param oneIn=10000 --param stallMillis=1 --param longestMillis=20` the report says how many of the planted calls were named
 * with their stage, and how many besides.
 */
export default defineScenario({
  name: 'blocking-call',
  question: 'What does a call that blocks its thread cost the requests that do not make it?',
  claim: 'C09, C17',
  theme: 'devices and blocking',
  prediction: {
    winner: 'staged',
    about: 'classic',
    because:
      'a thread that blocks is one of many there, and here it is its core’s only one: every request of that shard waits for the call to end',
  },
  params: {
    oneIn: {
      kind: 'number',
      default: 200,
      minimum: 2,
      maximum: 100_000,
      unit: 'requests',
      integer: true,
      description: 'one request in so many makes the call',
    },
    stallMillis: {
      kind: 'number',
      default: 10,
      minimum: 0,
      maximum: 1_000,
      unit: 'ms',
      description: 'how long the call blocks; 0 for a call that does not',
    },
    longestMillis: {
      kind: 'number',
      default: 0,
      minimum: 0,
      maximum: 1_000,
      unit: 'ms',
      description: 'calls block for five lengths from stallMillis to this; 0 for all alike',
    },
    known: {
      kind: 'choice',
      default: 'yes',
      choices: ['yes', 'no'],
      description:
        'whether the stage is declared to block: a pool of its own size, and off-loading where there is a pool',
    },
  },
  defaults: { arms: 'staged,sharded:offload=off', loads: '1000/s,5000/s' },
  sweeps: ['stallMillis=1..100', 'oneIn=10..10000'],
  criteria: [
    {
      id: 'C09',
      claim: 'If a thread blocks, nothing else runs on that core.',
      durationTimes: 2,
      cells: {
        blocks: { arm: 'sharded:offload=off', params: { stallMillis: 10 }, load: '1000/s' },
        'does not': { arm: 'sharded:offload=off', params: { stallMillis: 0 }, load: '1000/s' },
        'off-loads': { arm: 'sharded', params: { stallMillis: 10 }, load: '1000/s' },
      },
      figures: [
        {
          name: 'p99 of requests that do not block, where one in 200 does ÷ none, no off-load',
          unit: '×',
          of: ratioOf('p99', 'blocks', 'does not', 'not-blocked'),
          confirmed: { above: 2 },
          refuted: { below: 1.1 },
        },
        {
          name: 'the same with off-load',
          unit: '×',
          of: ratioOf('p99', 'off-loads', 'does not', 'not-blocked'),
        },
      ],
    },
    detected('staged'),
    detected('sharded'),
  ],
  workload: ({ oneIn, stallMillis, longestMillis }) => ({
    recordCount: 1,
    valueBytes: 8,
    operations: { read: 1, update: 0 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
    serviceTimes: {
      kind: 'mixture',
      parts: [
        { weight: oneIn - 1, micros: 0 },
        ...lengths(stallMillis, longestMillis).map((millis, _, { length }) => ({
          weight: 1 / length,
          micros: millis * 1_000,
        })),
      ],
    },
    classes: { by: 'service-time', upToMicros: [0], names: ['not-blocked', 'blocked'] },
  }),
  stages: ({ known }) => [
    { name: 'decode', codec: 'decode' },
    {
      name: 'call',
      wait: { micros: DRAWN, blocking: true, offload: known === 'yes' },
      run: acknowledge,
    },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
