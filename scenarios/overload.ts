import { defineScenario, eachAnswerRight, metricOf, ratioOf, readOrUpdate } from 'crossover'

/** One deadline and one number of permits for all. */
const ARMS = {
  staged: 'staged:deadlineMillis=10',
  fused: 'staged:layout=fused:deadlineMillis=10',
  sharded: 'sharded:deadlineMillis=10',
} as const
type ArmName = keyof typeof ARMS

/** Of an arm’s own capacity; the time that decides is that of all of them. */
function survives(name: ArmName) {
  return {
    id: `C21-${name}`,
    claim: `Under overload what is useful survives: ${name === 'fused' ? 'staged (fused)' : name}.`,
    cells: {
      '100%': { arm: ARMS[name], load: '100%', loadOf: 'own' },
      '300%': { arm: ARMS[name], load: '300%', loadOf: 'own' },
      'staged 20%': { arm: ARMS.staged, load: '20%' },
      'fused 20%': { arm: ARMS.fused, load: '20%' },
      'sharded 20%': { arm: ARMS.sharded, load: '20%' },
    },
    figures: [
      {
        name: 'useful answers at 300% ÷ at 100% of what it sustains',
        unit: '×',
        of: ratioOf('goodput', '300%', '100%'),
        confirmed: { above: 0.9 },
        refuted: { below: 0.5 },
      },
      {
        name: 'answered at all at 300%, of those asked for',
        unit: '%',
        of: metricOf('300%', 'answeredShare'),
      },
    ],
    usefulWithin: {
      times: 10,
      largest: ['staged 20%', 'fused 20%', 'sharded 20%'].map((cell) => metricOf(cell, 'p99')),
    },
  } as const
}

/**
 * More requests than anybody could serve. All arms have the same permits and the same deadline, and an answer is useful within the same
 * time: ten times the largest p99 of any arm at 20 %, so that an answer nobody waits for any more counts for nothing. The deadline
 * is below what that time is expected to be (about 20 ms on two cores): what waited for 10 ms and is served then still comes in time.
 * Each arm is asked for shares of what it sustains itself: the question is what becomes of its own goodput.
 */
export default defineScenario({
  name: 'overload',
  question:
    'How much is still answered in time when three times as much is asked for as can be served?',
  claim: 'C21',
  theme: 'overload',
  prediction: {
    winner: 'sharded',
    about: 'both',
    orTie: true,
    because:
      'with one deadline for all each arm refuses what waited too long, before the work, and keeps most of what it can do; a reactor refuses where it takes a request up, while staged has paid for a queue, a lock and often a wake-up by then, more of them in the classic layout: refuted where sharded’s mailboxes fill up with what is late',
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
    arms: 'staged:deadlineMillis=10,staged:layout=fused:deadlineMillis=10,sharded:deadlineMillis=10',
    loads: '20%,100%-of-each,300%-of-each',
    metric: 'goodput',
    within: '10x',
  },
  criteria: [survives('staged'), survives('fused'), survives('sharded')],
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
