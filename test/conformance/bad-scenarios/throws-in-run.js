import { defineScenario } from 'crossover'
import { answer, counter, stagesWith } from './counter.js'

let requests = 0

export default defineScenario({
  ...counter,
  name: 'throws-in-run',
  stages: () =>
    stagesWith({
      run(request) {
        if (++requests === 20) throw new Error('enough is enough')
        answer(request)
      },
    }),
})
