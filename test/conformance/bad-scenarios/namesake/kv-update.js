import { defineScenario } from 'crossover'
import { answer, counter, stagesWith } from '../counter.js'

/** A file of the user's that has the name of a scenario of the package. */
export default defineScenario({
  ...counter,
  name: 'kv-update',
  stages: () => stagesWith({ run: answer }),
})
