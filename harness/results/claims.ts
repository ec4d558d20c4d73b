import { z } from 'zod'
import { FIGURE_UNITS, type Limit } from '../contract/claim.ts'
import { soundRound, type SoundRound } from '../stats/sound-rounds.ts'
import {
  armSchema,
  askedShape,
  discardedSchema,
  markedTrialsSchema,
  measurementShape,
  warningSchema,
} from './measurement.ts'
import { estimateSchema } from './schema.ts'

/** The shape of `claims.json`: what `crossover claims` measured for each claim, and what its criterion makes of it. */
export const CLAIMS_VERSION = 1

/** A metric of a trial by its key: null where the trial has none, `unanswered` where it falls on what was never answered. */
const figuresSchema = z.record(
  z.string(),
  z.union([z.number(), z.literal('unanswered')]).nullable(),
)

const cellTrialSchema = z.object({
  /** Name of the cell. */
  cell: z.string(),
  /** Since the start of the claim's measurement. */
  startedAtSeconds: z.number(),
  figures: figuresSchema,
  /** Where goodput is asked for, which is known when the time is within which answers are useful. */
  latencies: z.object({ histogram: z.string(), steadySeconds: z.number() }).optional(),
  /** Names of the gates that it failed: it is marked, and counts. */
  failedGates: z.array(z.string()),
  /** Why its answers are wrong; then it counts nowhere. */
  void: z.string().nullable(),
})
export type CellTrial = z.infer<typeof cellTrialSchema>

/** Cells of one place (parameters, processors, load) on one trace, adjacent in time. */
const cellSetSchema = z.object({
  round: z.number().int(),
  /** Number of the place among those of the claim. */
  place: z.number().int(),
  /** Of the trace. */
  seed: z.number(),
  /** Requests per second of all cores; null with a closed window. */
  offeredPerSecond: z.number().nullable(),
  /** Names of cells in the order in which they run. */
  order: z.array(z.string()),
  /** As many as the set came to, in that order. */
  trials: z.array(cellTrialSchema),
  discarded: discardedSchema,
})
export type CellSet = z.infer<typeof cellSetSchema>

const cellSchema = z.object({
  name: z.string(),
  arm: armSchema,
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  /** As the criterion has it: `20%`. */
  load: z.string(),
  /** What a share is a share of: `own`, `smallest`, or a cell’s name. */
  loadOf: z.string(),
  cores: z.number().int(),
  virtualCores: z.number().int().nullable(),
  /** Null until it is known, and with a closed window. */
  offeredPerSecond: z.number().nullable(),
  /** What its server sustains; null where no load is a share of it, and until it is known. */
  sustainedPerSecond: z.number().nullable(),
})
export type PlayedCell = z.infer<typeof cellSchema>

const pair = z.tuple([z.number(), z.number()])
const limitSchema: z.ZodType<Limit> = z.union([
  z.strictObject({ above: z.number() }),
  z.strictObject({ below: z.number() }),
  z.strictObject({ within: pair }),
  z.strictObject({ outside: pair }),
])

/** Like every estimate, but a lower end that is open is −∞: differences may be negative. In the figure’s unit. */
const figureEstimateSchema = estimateSchema.extend({
  lower: z.union([z.number(), z.null().transform(() => Number.NEGATIVE_INFINITY)]),
})

const figureSchema = z.object({
  name: z.string(),
  unit: z.enum(FIGURE_UNITS),
  estimate: figureEstimateSchema.nullable(),
  /** Why there is none, or why it decides nothing; empty otherwise. */
  note: z.string(),
})

/** What a criterion makes of one figure; `beside` has no limit. */
const FIGURE_OUTCOMES = ['confirmed', 'refuted', 'between', 'undecided', 'beside'] as const
const criterionFigureSchema = figureSchema.extend({
  confirmed: limitSchema.nullable(),
  refuted: limitSchema.nullable(),
  outcome: z.enum(FIGURE_OUTCOMES),
  /** Rounds that would probably decide; null when decided or when that cannot be told. */
  roundsToDecide: z.number().int().nullable(),
})
export type ClaimFigure = z.infer<typeof criterionFigureSchema>

const conditionSchema = figureSchema.extend({
  holds: limitSchema,
  /** Null while nothing is known. */
  isMet: z.boolean().nullable(),
})
export type ClaimCondition = z.infer<typeof conditionSchema>

/** `pending`: nothing is known yet. */
export const CLAIM_OUTCOMES = [
  'confirmed',
  'refuted',
  'between',
  'undecided',
  'not-testable',
  'pending',
] as const
export type ClaimOutcome = (typeof CLAIM_OUTCOMES)[number]

const claimSchema = z.object({
  scenario: z.string(),
  /** How the scenario is loaded again: its name, or the path of a user’s file. */
  from: z.string(),
  id: z.string(),
  /** Hashes of the scenario's files when it began, as `scenarioSchema` has them; absent in older results. */
  sources: z.record(z.string(), z.string()).optional(),
  /** In plain words. */
  claim: z.string(),
  source: z.string().nullable(),
  /** As the scenario has it: what was measured for another one is not resumed. */
  criterion: z.record(z.string(), z.unknown()),
  /** It was measured to its end, or is not testable. */
  complete: z.boolean(),
  /** Why it ended early; null otherwise. */
  ending: z.string().nullable(),
  elapsedSeconds: z.number(),
  plannedRounds: z.number().int(),
  cells: z.array(cellSchema),
  sets: z.array(cellSetSchema),
  /** Of C20, by discipline, servers, load and percentile: measured ÷ exact recursion − 1 of each round. */
  errors: z.record(z.string(), z.array(z.number())).optional(),
  /** Names of the cells that a screen let go on, fixed before their further rounds; null until then, and where there is none. */
  screened: z.array(z.string()).nullable().default(null),
  /** Within which an answer is useful; null until it is known, and where nothing asks for it. */
  usefulWithinNs: z.number().nullable(),
  figures: z.array(criterionFigureSchema),
  conditions: z.array(conditionSchema),
  outcome: z.enum(CLAIM_OUTCOMES),
  /** Why it is not testable here, or not decided; empty otherwise. */
  reason: z.string(),
  markedTrials: markedTrialsSchema,
  warnings: z.array(warningSchema),
})
export type ClaimResult = z.infer<typeof claimSchema>

export const claimsSchema = z.object({
  schemaVersion: z.literal(CLAIMS_VERSION),
  ...measurementShape,
  run: z.object({
    ...z.object(askedShape).omit({ requestClass: true }).shape,
    /** Of each claim; a grid may have needed more. */
    rounds: z.number().int(),
  }),
  /** In the order of their ids. */
  claims: z.array(claimSchema),
})
export type Claims = z.infer<typeof claimsSchema>

/** A set as comparisons take it, by cell; metrics are keys of its figures. */
export function soundCells({ trials }: Pick<CellSet, 'trials'>): SoundRound<string, string> {
  return soundRound(
    trials.map((trial) => [trial.cell, trial] as const),
    ({ failedGates, figures }) => ({
      failedGates,
      figureOf: (key) => figures[key] ?? null,
    }),
  )
}
