import { defineScenario } from 'crossover'
import { answer, counter, stagesWith } from './counter.js'

let requests = 0

export default defineScenario({
  ...counter,
  name: 'never-returns',
  stages: () =>
    stagesWith({
      run(request) {
        if (++requests === 20) for (;;) requests = 20
        answer(request)
      },
    }),
})
