import { z } from 'zod'
import { positive } from '../stats/ratio-over-pairs.ts'
import { saturatedAmong, type SoundRound, soundRound } from '../stats/sound-rounds.ts'
import {
  armSchema,
  askedShape,
  discardedSchema,
  markedTrialsSchema,
  measurementShape,
  scenarioSchema,
  trialShape,
} from './measurement.ts'
import { estimateSchema } from './schema.ts'
import { latencySchema } from './trial-schema.ts'

/** The shape of `ablation.json`: what `crossover ablate` measured from one arm to another, one mechanism at a time. */
export const ABLATION_VERSION = 1

/** What each step is measured on: `throughput` at capacity, the others at one absolute load. */
export const ABLATION_METRICS = ['p50', 'p99', 'cpuPerRequest', 'throughput'] as const
export type AblationMetric = (typeof ABLATION_METRICS)[number]

/** Second ÷ first, over rounds; null where there is no figure. */
const ratiosSchema = z.record(z.enum(ABLATION_METRICS), estimateSchema.nullable())
export type Ratios = z.infer<typeof ratiosSchema>

/** What one trial says. */
const chainTrialSchema = z.object({
  /** Its place in the chain, from 0. */
  arm: z.number().int(),
  ...trialShape,
  p50: latencySchema,
  p99: latencySchema,
})
export type ChainTrial = z.infer<typeof chainTrialSchema>

/** Trials on one trace, adjacent in time, in an order drawn at random: all arms of the chain, or its two ends. */
const roundSchema = z.object({
  index: z.number().int(),
  /** Of the trace. */
  seed: z.number(),
  /** Places in the chain, in the order in which they ran. */
  order: z.array(z.number().int()),
  /** As many as the round came to. */
  trials: z.array(chainTrialSchema),
  discarded: discardedSchema,
})
export type Round = z.infer<typeof roundSchema>

/** Rounds of the whole chain, and pairs of its first and last arm alone on traces of their own. */
const measuredSchema = z.object({ rounds: z.array(roundSchema), ends: z.array(roundSchema) })
export type Measured = z.infer<typeof measuredSchema>

/** A round of a chain as comparisons take it. */
export function soundChainRound({
  trials,
}: Pick<Round, 'trials'>): SoundRound<number, AblationMetric> {
  return soundRound(
    trials.map((trial) => [trial.arm, trial] as const),
    (trial) => ({
      failedGates: trial.failedGates,
      figureOf: (metric) => {
        if (metric === 'throughput') return positive(trial.achievedPerSecond)
        if (metric === 'cpuPerRequest') return positive(trial.cpuPerRequestNs)
        return trial[metric].atLeast ? 'unanswered' : positive(trial[metric].ns)
      },
    }),
  )
}

/** Places of the arms that do not keep up with the load: they have no ratios of latencies. */
export function saturatedArms({ rounds }: Measured): readonly number[] {
  const sound = rounds.map(soundChainRound)
  return saturatedAmong(sound, [...new Set(sound.flatMap((round) => [...round.keys()]))])
}

const chainArmSchema = armSchema.extend({
  /** Medians over the rounds with their ranges: nanoseconds at the load, requests per second at capacity. */
  figures: z.record(z.enum(ABLATION_METRICS), estimateSchema.nullable()),
})

/** From one arm to the next. */
const stepSchema = z.object({
  name: z.string(),
  /** What differs, e.g. `polling`; several things are joined by `and`. */
  mechanism: z.string(),
  /** Places in the chain. */
  from: z.number().int(),
  to: z.number().int(),
  ratios: ratiosSchema,
})
export type Step = z.infer<typeof stepSchema>

/** All steps of one mechanism together. */
const mechanismSchema = z.object({
  name: z.string(),
  /** Indices of its steps. */
  steps: z.array(z.number().int()),
  ratios: ratiosSchema,
})
export type Mechanism = z.infer<typeof mechanismSchema>

export const ablationSchema = z.object({
  schemaVersion: z.literal(ABLATION_VERSION),
  ...measurementShape,
  run: z.object({
    ...askedShape,
    plannedRounds: z.number().int(),
    plannedCapacityRounds: z.number().int(),
  }),
  scenario: scenarioSchema.omit({ prediction: true }),
  arms: z.array(chainArmSchema).min(2),
  /** Null until the capacities that it refers to are known. */
  load: z.object({ label: z.string(), perSecond: z.number() }).nullable(),
  steps: z.array(stepSchema).min(1),
  mechanisms: z.array(mechanismSchema),
  /** Last arm ÷ first arm: per round the product of the steps' ratios, then estimated over rounds. */
  product: ratiosSchema,
  /** The steps' point estimates multiplied, as a reader of the table would; null where one is missing. */
  productOfEstimates: z.record(z.enum(ABLATION_METRICS), z.number().nullable()),
  /** Last arm ÷ first arm, measured with these two alone. */
  endpoints: ratiosSchema,
  /** Whether the intervals of product and endpoints overlap; null where one is missing. */
  agreement: z.record(z.enum(ABLATION_METRICS), z.boolean().nullable()),
  markedTrials: markedTrialsSchema,
  measured: z.object({ capacity: measuredSchema, latency: measuredSchema }),
})
export type Ablation = z.infer<typeof ablationSchema>
