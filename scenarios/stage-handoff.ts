import { acknowledge, defineScenario, eachAnswerRight } from 'crossover'
import type { HandlerStage } from 'crossover'

function codecOf(isFirst: boolean, isLast: boolean): HandlerStage['codec'] {
  if (isFirst) return isLast ? 'both' : 'decode'
  return isLast ? 'encode' : undefined
}

/** What every stage but the last has to do beside its work. */
function pass(): void {}

/**
 * The same work in one stage or in many, without data: only the handoffs differ. Sweep `stages`; whether a cheaper
 * handoff helps (C02) is asked with `--arms staged:idle=park,staged:idle=poll`, layouts and `inline` likewise.
 */
export default defineScenario({
  name: 'stage-handoff',
  question: 'What does each further stage cost a request whose work stays the same?',
  claim: 'C01',
  prediction: {
    winner: 'sharded',
    about: 'classic',
    because:
      'a stage more is a call more there and one queue, often one wake-up, more in staged, whose median grows by about as much with each stage; at high load batches share the wake-ups and the slope flattens; with one stage there are still two handoffs against none',
  },
  params: {
    stages: {
      kind: 'number',
      default: 4,
      minimum: 1,
      maximum: 8,
      unit: 'stages',
      integer: true,
      description: 'steps that the work is split over evenly; the first decodes, the last encodes',
    },
    workMicros: {
      kind: 'number',
      default: 8,
      minimum: 0,
      maximum: 100,
      unit: 'µs',
      description: 'CPU work of a request, all stages together, codec not included',
    },
  },
  sweeps: ['stages=1..8'],
  workload: () => ({
    recordCount: 1,
    valueBytes: 8,
    operations: { read: 1, update: 0 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
  }),
  stages: ({ stages, workMicros }) =>
    Array.from({ length: stages }, (_, index) => {
      const isLast = index === stages - 1
      const codec = codecOf(index === 0, isLast)
      return {
        name: `work-${index + 1}`,
        ...(codec && { codec }),
        burn: { micros: workMicros / stages },
        run: isLast ? acknowledge : pass,
      }
    }),
  verify: eachAnswerRight,
})
