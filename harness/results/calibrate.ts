import { z } from 'zod'
import { commandShape, measurementShape } from './measurement.ts'
import { estimateSchema } from './schema.ts'

/** The shape of `calibration.json`: what the building blocks of both architectures cost on this machine. */
export const CALIBRATION_VERSION = 1

/** What runs on one thread. */
export const SINGLE_ROWS = [
  'clock-reading',
  'histogram-record',
  'mutex-uncontended',
  'ring-push-pop',
  'queue-push-pop',
  'callback',
  'generator-switch',
  'microtask-switch',
  'system-call',
  'minor-page-fault',
] as const
export type SingleRow = (typeof SINGLE_ROWS)[number]

/** What needs two threads, or waits. */
export const PAIR_ROWS = [
  'mutex-contended',
  'ring-spinning',
  'queue-spinning',
  'queue-parking',
  'thread-hop',
  'wake-up-round-trip',
  'thread-switch',
  'message-port',
  'wait-async',
  'timer-lateness',
] as const
export type PairRow = (typeof PAIR_ROWS)[number]

const calibrationRowSchema = z.object({
  name: z.enum([...SINGLE_ROWS, ...PAIR_ROWS]),
  /** In words, e.g. `mutex lock + unlock, uncontended`. */
  label: z.string(),
  /** Nanoseconds: the median of the rounds' medians, n rounds. Null: could not be measured here, never zero for it. */
  median: estimateSchema.nullable(),
  /** Likewise of the rounds' 99th percentiles. Null also where no thread sleeps. */
  p99: estimateSchema.nullable(),
  /** What the machine could do, where that is known, and from where. */
  inPrinciple: z.object({ ns: z.number(), source: z.string() }).nullable(),
  /** Why there is no median; empty when there is one. */
  note: z.string(),
})
export type CalibrationRow = z.infer<typeof calibrationRowSchema>

const verdictSchema = z.enum(['confirmed', 'refuted', 'undecided'])
export type ClaimVerdict = z.infer<typeof verdictSchema>

const claimSchema = z.object({
  /** Of the table of claims, e.g. `C15`. */
  id: z.string(),
  statement: z.string(),
  /** Every ratio must be at least this. */
  threshold: z.number(),
  verdict: verdictSchema,
  comparisons: z.array(
    z.object({
      /** Labels of the rows that are divided. */
      numerator: z.string(),
      denominator: z.string(),
      /** Null where one of the two could not be measured. */
      ratio: estimateSchema.nullable(),
      verdict: verdictSchema,
    }),
  ),
})
export type Claim = z.infer<typeof claimSchema>

export const calibrationSchema = z.object({
  schemaVersion: z.literal(CALIBRATION_VERSION),
  ...measurementShape,
  ...commandShape,
  /** Processors that were used. */
  cpus: z.array(z.number().int()),
  rows: z.array(calibrationRowSchema),
  claims: z.array(claimSchema),
})
export type Calibration = z.infer<typeof calibrationSchema>
