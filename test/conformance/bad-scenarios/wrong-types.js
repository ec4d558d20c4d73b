import { answer, counter, stagesWith } from './counter.js'

/** Without `defineScenario` no editor tells either. */
export default {
  ...counter,
  name: 'wrong-types',
  params: {
    where: {
      kind: 'choice',
      default: 'workload',
      choices: ['workload', 'stages', 'run'],
      description: 'where the wrong type is',
    },
  },
  workload: ({ where }) => ({
    ...counter.workload(),
    ...(where === 'workload' && { recordCount: 'many' }),
  }),
  stages: ({ where }) =>
    stagesWith({
      run: where === 'run' ? 'answer' : answer,
      burn: { micros: where === 'stages' ? 'long' : 1 },
    }),
}
