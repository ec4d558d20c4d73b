import { defineScenario, eachAnswerRight, metricOf, readOrUpdate } from 'crossover'

/** Short and long sections, few and only updates, with each kind of locks: where waiting for them may matter, and where not. */
const CONTENDED = [0.2, 20].flatMap((sectionMicros) =>
  [5, 100].flatMap((writePercent) =>
    ['single', 'striped', 'optimistic'].map((locks) => ({
      name: `${sectionMicros} µs, ${writePercent} % updates, ${locks}`,
      locks,
      params: { sectionMicros, writePercent },
    })),
  ),
)

/**
 * Work that needs its record: in staged it is done under the record's lock. How many locks there are, and whether reads
 * share them, is the arm's: `--arms staged:locks=single,sharded`, `staged:locks=striped:stripes=16`, `staged:locks=reader-writer`;
 * with `staged:locks=optimistic` reads work on a copy, under no lock.
 */
export default defineScenario({
  name: 'lock-contention',
  question: 'How much of the tail is waiting for locks?',
  claim: 'C03',
  theme: 'locks',
  prediction: {
    winner: 'sharded',
    about: 'classic',
    because:
      'with a single lock sections queue for one another, longest when its holder loses the processor; with many stripes hardly any wait and what is left is the handoffs, a tie once sections dwarf them; skew costs sharded, too: the shard of the hottest keys fills up first',
  },
  params: {
    writePercent: {
      kind: 'number',
      default: 50,
      minimum: 0,
      maximum: 100,
      unit: '%',
      description:
        'share of updates; the rest are reads, which wait alike unless locks=reader-writer or optimistic',
    },
    sectionMicros: {
      kind: 'number',
      default: 5,
      minimum: 0.2,
      maximum: 50,
      unit: 'µs',
      description: 'CPU work on the record, under its lock where there are locks',
    },
    theta: {
      kind: 'number',
      default: 0.99,
      minimum: 0,
      maximum: 1.2,
      unit: 'θ',
      description: 'skew of the keys: zipf’s exponent, 0 for uniform keys',
    },
    keys: {
      kind: 'number',
      default: 10_000,
      minimum: 1,
      maximum: 1_000_000,
      unit: 'keys',
      integer: true,
      description: 'records stored before the first request',
    },
  },
  sweeps: ['sectionMicros=0.2..50', 'theta=0..1.2'],
  criteria: [
    {
      id: 'C03',
      claim: 'In some cases much of the time goes to waiting for locks.',
      durationTimes: 4,
      cells: Object.fromEntries(
        CONTENDED.map(({ name, locks, params }) => [
          name,
          { arm: `staged:locks=${locks}`, params, load: '80%', loadOf: 'own' },
        ]),
      ),
      screen: { rounds: 2, keep: 2 },
      figures: [
        {
          name: 'lock wait as a share of the slowest 1 %, largest of twelve cells',
          unit: '%',
          of: { largest: CONTENDED.map(({ name }) => metricOf(name, 'lockWaitShare')) },
          confirmed: { above: 25 },
          refuted: { below: 2 },
        },
        {
          name: 'the same, smallest',
          unit: '%',
          of: { smallest: CONTENDED.map(({ name }) => metricOf(name, 'lockWaitShare')) },
        },
        {
          name: 'lock wait ÷ CPU time, largest',
          unit: '%',
          of: {
            largest: CONTENDED.map(({ name }) => ({
              ratio: [metricOf(name, 'lockWait'), metricOf(name, 'cpu')] as const,
            })),
          },
        },
      ],
    },
  ],
  workload: ({ writePercent, theta, keys }) => ({
    recordCount: keys,
    valueBytes: 100,
    operations: { read: 100 - writePercent, update: writePercent },
    keys: { kind: 'zipf', theta },
    arrivals: { kind: 'poisson' },
  }),
  // Hashing needs no record, and a stage of its own would be a handoff that the question is not about.
  stages: ({ sectionMicros }) => [
    { name: 'decode', codec: 'decode', run: (request) => request.hashKey() },
    {
      name: 'apply',
      access: 'by-operation',
      burn: { micros: sectionMicros },
      run: readOrUpdate,
    },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
