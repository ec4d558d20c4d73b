import { acknowledge, defineScenario, eachAnswerRight, metricOf, ratioOf } from 'crossover'

/** Within one arm; who has more threads than processors cannot have all of them poll, and then nothing is said. */
function sleepsOrPolls(arm: string, place: { readonly virtualCores?: number } = {}) {
  return {
    rounds: 6,
    cells: {
      parks: { arm: `${arm}:idle=park`, load: '5%', loadOf: 'parks', ...place },
      polls: { arm: `${arm}:idle=poll`, load: '5%', loadOf: 'parks', ...place },
    },
    figures: [
      {
        name: 'median, parking ÷ polling',
        unit: '×',
        of: ratioOf('p50', 'parks', 'polls'),
        confirmed: { above: 1.1 },
        refuted: { below: 1.1 },
      },
    ],
    onlyIf: [
      {
        name: 'parks per request where it polls',
        unit: '',
        of: metricOf('polls', 'parks'),
        holds: { below: 0.01 },
      },
    ],
  } as const
}

/**
 * So little work that waking a thread is dear beside it. One stage without data: the fewest threads that a staged server
 * can have, hence the most that can poll. The question is put within an architecture, by
 * `--arms staged:idle=park,staged:idle=poll` and `--arms sharded:idle=park,sharded:idle=poll`, at low loads.
 */
export default defineScenario({
  name: 'wake-up',
  question:
    'What does a thread that sleeps cost the request that wakes it, against one that polls?',
  claim: 'C10',
  theme: 'waiting and polling',
  prediction: {
    winner: 'sharded',
    about: 'classic',
    because:
      'under one idle strategy for both it wakes at most one thread for a request, where staged wakes one for each of two handoffs as well; polling beats parking on either side at low load, most where threads are no more than processors, and high load leaves little between them',
  },
  params: {
    workMicros: {
      kind: 'number',
      default: 1,
      minimum: 0,
      maximum: 100,
      unit: 'µs',
      description: 'CPU work of a request, codec not included',
    },
  },
  defaults: { loads: '1%,20%,90%' },
  sweeps: ['load=1%..90%'],
  criteria: [
    {
      id: 'C10-sharded',
      claim: 'Sleeping can cost more than polling: sharded.',
      ...sleepsOrPolls('sharded'),
    },
    {
      id: 'C10-staged',
      claim: 'Sleeping can cost more than polling: staged (fused, one thread).',
      // It has a thread for each core's port and one of the stage: laid out for one core, no more than two processors.
      needs: { processors: 2 },
      ...sleepsOrPolls('staged:layout=fused:threads=1', { virtualCores: 1 }),
    },
    {
      id: 'C15',
      claim: 'Switching tasks in user space is far cheaper than switching threads.',
      by: 'calibrate',
      figures: [
        {
          name: 'a switch of threads ÷ a switch of tasks',
          unit: '×',
          confirmed: { above: 10 },
          refuted: { below: 10 },
        },
      ],
    },
  ],
  workload: () => ({
    recordCount: 1,
    valueBytes: 8,
    operations: { read: 1, update: 0 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
  }),
  stages: ({ workMicros }) => [
    {
      name: 'serve',
      codec: 'both',
      burn: { micros: workMicros },
      run: acknowledge,
    },
  ],
  verify: eachAnswerRight,
})
