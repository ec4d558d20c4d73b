import { defineScenario, STATUS_OK } from 'crossover'
import { counter, stagesWith } from './counter.js'

/** The record that it touches is not declared. */
export default defineScenario({
  ...counter,
  name: 'undeclared-access',
  params: {
    access: {
      kind: 'choice',
      default: 'read',
      choices: ['read', 'none'],
      description: 'what the stage declares, although it writes',
    },
  },
  stages: ({ access }) =>
    stagesWith({
      access,
      run(request, records) {
        const record = records.find(request)
        records.setHead(record, 1, 1)
        request.reply(STATUS_OK, 1, 1)
      },
    }),
})
