import { defineScenario } from 'crossover'
import { answer, counter, stagesWith } from './counter.js'

export default defineScenario({
  ...counter,
  name: 'default-out-of-range',
  params: {
    size: {
      kind: 'number',
      default: 11,
      minimum: 1,
      maximum: 10,
      unit: 'keys',
      description: 'its default is above its maximum',
    },
  },
  stages: () => stagesWith({ run: answer }),
})
