import { acknowledge, defineScenario, DRAWN, eachAnswerRight } from 'crossover'

/** One shared queue against a queue per server: nothing but waiting, so that theory knows every answer. */
export default defineScenario({
  name: 'queue-discipline',
  question:
    'What does one queue for all servers gain over a queue per server, at equal service times?',
  claim: 'C20',
  theme: 'scheduling',
  prediction: {
    winner: 'staged',
    about: 'both',
    because:
      'with one queue no server idles while a request waits (M/M/k against k × M/M/1); service is a wait, so handoffs cost little beside it',
  },
  params: {
    serviceMicros: {
      kind: 'number',
      default: 5_000,
      minimum: 100,
      maximum: 100_000,
      unit: 'µs',
      description: 'mean service time: a wait that blocks the thread which serves',
    },
    distribution: {
      kind: 'choice',
      default: 'exponential',
      choices: ['exponential', 'fixed'],
      description: 'how service times are distributed',
    },
  },
  defaults: { virtualCores: 8 },
  sweeps: ['load=10%..95%'],
  criteria: [
    {
      id: 'C20',
      claim: 'One shared queue beats a queue per core at equal service.',
      by: 'queueing',
      figures: [
        {
          name: 'largest error of a percentile against the exact recursions',
          unit: '%',
          confirmed: { below: 5 },
          refuted: { above: 10 },
        },
      ],
    },
  ],
  workload: ({ serviceMicros, distribution }) => ({
    recordCount: 1,
    valueBytes: 8,
    operations: { read: 1, update: 0 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
    serviceTimes: {
      kind: distribution === 'fixed' ? 'fixed' : 'exponential',
      meanMicros: serviceMicros,
    },
  }),
  // One stage, which touches no record: one pool and one queue there, served where it arrives here.
  stages: () => [
    {
      name: 'serve',
      codec: 'both',
      wait: { micros: DRAWN, blocking: true },
      run: acknowledge,
    },
  ],
  verify: eachAnswerRight,
})
