import { defineScenario } from 'crossover'
import { answer, counter, stagesWith } from './counter.js'

export default defineScenario({
  ...counter,
  name: 'workload-throws',
  workload() {
    throw new Error('no workload today')
  },
  stages: () => stagesWith({ run: answer }),
})
