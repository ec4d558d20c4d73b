import { acknowledge, defineScenario, DRAWN, eachAnswerRight, ratioOf } from 'crossover'

/**
 * Some requests touch pages of memory: cold ones, given back to the kernel a few requests later, ones touched before, or locked ones.
 * The others touch none, and wait behind those.
 */
export default defineScenario({
  name: 'page-fault',
  question: 'What do page faults cost that no thread sees coming?',
  claim: 'C11',
  theme: 'memory and caches',
  prediction: {
    winner: 'sharded',
    about: 'classic',
    because:
      'each fault stops the thread that touches the page for about a microsecond, on either side alike, and the handoffs come on top in staged; taking the memory up front removes the faults on both sides',
  },
  params: {
    state: {
      kind: 'choice',
      default: 'cold',
      choices: ['cold', 'touched', 'locked'],
      description:
        'cold: each touch is a fault; touched: none is; locked: likewise, and the kernel may not take the pages back',
    },
    pages: {
      kind: 'number',
      default: 8,
      minimum: 0,
      maximum: 256,
      unit: 'pages',
      integer: true,
      description: 'pages that a request touches that touches any',
    },
    touchPercent: {
      kind: 'number',
      default: 50,
      minimum: 0,
      maximum: 100,
      unit: '%',
      description: 'share of the requests that touch pages',
    },
  },
  defaults: { metric: 'p99.9', loads: '20%,50%' },
  sweeps: ['pages=0..256'],
  criteria: [
    {
      id: 'C11',
      claim: 'A page fault blocks the thread unseen.',
      rounds: 12,
      durationTimes: 4,
      cells: {
        'sharded cold': {
          arm: 'sharded',
          params: { state: 'cold' },
          load: '50%',
          loadOf: 'staged cold',
        },
        'sharded locked': {
          arm: 'sharded',
          params: { state: 'locked' },
          load: '50%',
          loadOf: 'staged cold',
        },
        'staged cold': {
          arm: 'staged',
          params: { state: 'cold' },
          load: '50%',
          loadOf: 'staged cold',
        },
        'staged locked': {
          arm: 'staged',
          params: { state: 'locked' },
          load: '50%',
          loadOf: 'staged cold',
        },
      },
      figures: [
        {
          name: 'p99.9 of requests that touch nothing, sharded, pages cold ÷ locked',
          unit: '×',
          of: ratioOf('p99.9', 'sharded cold', 'sharded locked', 'innocent'),
          confirmed: { above: 1.25 },
          refuted: { below: 1.1 },
        },
        {
          name: 'the same, staged',
          unit: '×',
          of: ratioOf('p99.9', 'staged cold', 'staged locked', 'innocent'),
        },
      ],
    },
  ],
  workload: ({ state, touchPercent }) => ({
    recordCount: 1,
    valueBytes: 8,
    operations: { read: 1, update: 0 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
    memory: {
      megabytes: 16,
      state: state === 'locked' ? 'locked' : state === 'touched' ? 'touched' : 'cold',
    },
    // Nobody spends it: a time above 0 marks the requests that touch pages. Where all do, nothing is drawn, and a log can be played.
    ...(touchPercent < 100 && {
      serviceTimes: {
        kind: 'mixture',
        parts: [
          { weight: 100 - touchPercent, micros: 0 },
          { weight: touchPercent, micros: 1 },
        ],
      },
      classes: { by: 'service-time', upToMicros: [0], names: ['innocent', 'touching'] },
    }),
  }),
  stages: ({ pages, touchPercent }) => [
    { name: 'decode', codec: 'decode' },
    {
      name: 'touch',
      touch: touchPercent < 100 ? { pages, requests: DRAWN } : { pages },
      run: acknowledge,
    },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
