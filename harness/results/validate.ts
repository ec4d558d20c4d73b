import { z } from 'zod'
import { commandShape, environmentSchema, measurementShape } from './measurement.ts'
import { estimateSchema } from './schema.ts'

/** The shape of `validation.json`: what `crossover validate` measured on this machine, and the band that it found. */
export const VALIDATION_VERSION = 1

/**
 * What a validation consists of. `theory`: queueing theory; `aa`: an arm against itself; `planted`: an arm against itself with
 * slower services; `omission`: a frozen server; `engine`: the default comparison under other flags of the runtime.
 */
export const VALIDATION_PARTS = ['theory', 'aa', 'planted', 'omission', 'engine'] as const
export type ValidationPart = (typeof VALIDATION_PARTS)[number]

/** One figure that is known beforehand: a row of the table. */
const validationRowSchema = z.object({
  part: z.enum(VALIDATION_PARTS),
  /** e.g. `staged, 8 servers, 50 %`. */
  subject: z.string(),
  /** e.g. `p99`. */
  figure: z.string(),
  measured: z.number(),
  expected: z.number(),
  unit: z.enum(['ns', 'verdicts', '×']),
  /** Measured ÷ expected − 1; null where the difference is no ratio. */
  difference: z.number().nullable(),
  /** Largest |difference| that passes; for verdicts, the largest number that passes. */
  limit: z.number(),
  passed: z.boolean(),
  /** Why it may have failed, e.g. the run-queue wait of the server's threads; empty when there is nothing to say. */
  note: z.string(),
})
export type ValidationRow = z.infer<typeof validationRowSchema>

/** One part of the validation as a whole. */
const validationSummarySchema = z.object({
  part: z.enum(VALIDATION_PARTS),
  passed: z.boolean(),
  /** e.g. `staged: 16 of 16 cells within 5 %, at least 15 needed`. */
  sentence: z.string(),
})

/** One A/A run: an arm against itself. */
const identicalRunSchema = z.object({
  arm: z.string(),
  load: z.string(),
  /** Pairs of the judged metric's ratio; 0 where there is none. */
  pairs: z.number().int(),
  /** By metric: second ÷ first; null where there is none. */
  ratios: z.record(z.string(), estimateSchema.nullable()),
  /** What the verdict rule said on the metric: `none`, `inconclusive`, or, falsely, a winner. */
  winner: z.string(),
  /** Trials that failed a gate. */
  markedTrials: z.number().int(),
})
export type IdenticalRun = z.infer<typeof identicalRunSchema>

export const validationSchema = z.object({
  validationVersion: z.literal(VALIDATION_VERSION),
  ...measurementShape,
  ...commandShape,
  seed: z.number(),
  quick: z.boolean(),
  rows: z.array(validationRowSchema),
  summaries: z.array(validationSummarySchema),
  /** Every A/A run of this validation, in order. */
  identicalRuns: z.array(identicalRunSchema),
  /** News that are no doubts, e.g. where the band is. */
  notes: z.array(z.string()),
})
export type Validation = z.infer<typeof validationSchema>

/** `machine.json` beside the reports: the A/A bands of one machine, made by `crossover validate`, used by `run`. */
export const machineSchema = z.object({
  machineVersion: z.literal(1),
  measuredAt: z.string(),
  environment: environmentSchema,
  /** Processors that were used. */
  cpus: z.array(z.number().int()),
  scenario: z.string(),
  runs: z.number().int(),
  pairs: z.number().int(),
  durationSeconds: z.number(),
  /** 95th percentile of the A/A runs' |point estimate|, as a ratio ≥ 1, the larger one of the arms. */
  bands: z.array(z.object({ load: z.string(), metric: z.string(), ratio: z.number() })),
})
export type Machine = z.infer<typeof machineSchema>
