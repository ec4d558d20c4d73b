import { defineScenario } from 'crossover'
import { answer, counter, stagesWith } from './counter.js'

function loop() {
  for (;;);
}

export default defineScenario({
  ...counter,
  name: 'never-builds',
  params: {
    where: {
      kind: 'choice',
      default: 'workload',
      choices: ['workload', 'stages'],
      description: 'what does not return',
    },
  },
  workload: ({ where }) => (where === 'workload' ? loop() : counter.workload()),
  stages: ({ where }) => (where === 'stages' ? loop() : stagesWith({ run: answer })),
})
