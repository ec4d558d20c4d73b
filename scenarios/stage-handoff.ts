import { acknowledge, defineScenario, eachAnswerRight } from 'crossover'
import type { HandlerStage } from 'crossover'

function codecOf(isFirst: boolean, isLast: boolean): HandlerStage['codec'] {
  if (isFirst) return isLast ? 'both' : 'decode'
  return isLast ? 'encode' : undefined
}

/** What every stage but the last has to do beside its work. */
function pass(): void {}

/** Of the median, per stage more. */
function growth(...cells: readonly string[]) {
  return { growth: { over: 'stages', cells, metric: 'p50' } } as const
}

/**
 * The same work in one stage or in many, without data: only the handoffs differ. Sweep `stages`; whether a cheaper
 * handoff helps (C02) is asked with `--arms staged:idle=park,staged:idle=poll`, layouts and `inline` likewise.
 */
export default defineScenario({
  name: 'stage-handoff',
  question: 'What does each further stage cost a request whose work stays the same?',
  claim: 'C01',
  theme: 'stages and handoffs',
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
  criteria: [
    {
      id: 'C01',
      claim: 'Each stage that hands work to the next must synchronise with it.',
      rounds: 12,
      cells: {
        'classic 1': { arm: 'staged', params: { stages: 1 }, load: '20000/s' },
        'classic 4': { arm: 'staged', params: { stages: 4 }, load: '20000/s' },
        'classic 8': { arm: 'staged', params: { stages: 8 }, load: '20000/s' },
        'fused 1': { arm: 'staged:layout=fused', params: { stages: 1 }, load: '20000/s' },
        'fused 8': { arm: 'staged:layout=fused', params: { stages: 8 }, load: '20000/s' },
        'sharded 1': { arm: 'sharded', params: { stages: 1 }, load: '20000/s' },
        'sharded 8': { arm: 'sharded', params: { stages: 8 }, load: '20000/s' },
      },
      figures: [
        {
          name: 'growth of the median per stage, classic − 5 × sharded',
          unit: 'µs',
          of: {
            difference: [
              growth('classic 1', 'classic 4', 'classic 8'),
              growth('sharded 1', 'sharded 8'),
            ],
            times: 5,
          },
          confirmed: { above: 0 },
        },
        {
          name: 'growth of the median per stage, classic',
          unit: 'µs',
          of: growth('classic 1', 'classic 4', 'classic 8'),
          confirmed: { above: 1 },
          refuted: { below: 1 },
        },
        { name: 'the same, fused', unit: 'µs', of: growth('fused 1', 'fused 8') },
        { name: 'the same, sharded', unit: 'µs', of: growth('sharded 1', 'sharded 8') },
      ],
    },
  ],
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
