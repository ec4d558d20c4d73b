import { defineScenario } from 'crossover'
import { answer, counter, stagesWith } from './counter.js'

/** Right, as long as its parameter is. */
export default defineScenario({
  ...counter,
  name: 'one-to-ten',
  params: {
    size: {
      kind: 'number',
      default: 5,
      minimum: 1,
      maximum: 10,
      unit: 'keys',
      description: 'does nothing',
    },
  },
  stages: () => stagesWith({ run: answer }),
})
