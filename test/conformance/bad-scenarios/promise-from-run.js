import { defineScenario } from 'crossover'
import { answer, counter, stagesWith } from './counter.js'

/** An async function is seen before the run, any other only when it returns its promise. */
export default defineScenario({
  ...counter,
  name: 'promise-from-run',
  params: {
    how: {
      kind: 'choice',
      default: 'async',
      choices: ['async', 'plain'],
      description: 'what kind of function returns the promise',
    },
  },
  stages: ({ how }) =>
    stagesWith({
      run:
        how === 'async'
          ? async (request) => answer(request)
          : (request) => Promise.resolve(answer(request)),
    }),
})
