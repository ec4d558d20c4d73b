import { z } from 'zod'
import { environmentSchema, scenarioSchema } from './measurement.ts'

/** The shape of `catalogue.json`: what became of each scenario that one command ran. */
export const CATALOGUE_SCHEMA_VERSION = 1

const loadLabels = z.array(z.string())

const entrySchema = z.object({
  /** The scenario's name, which is that of its file. */
  name: z.string(),
  /** As the user named it: a name or a path. */
  asked: z.string(),
  /** `sound`: measured to the end, every answer right; `failed`: see `failure`; `unfinished`: the command ended before. */
  state: z.enum(['sound', 'failed', 'unfinished']),
  /** Folder of its report, below that of the catalogue; null when there is none. */
  folder: z.string().nullable(),
  /** Null when its file could not be loaded. */
  question: z.string().nullable(),
  claim: z.string().nullable(),
  prediction: scenarioSchema.shape.prediction,
  /**
   * Labels of the loads at which the prediction was confirmed (against every arm that it speaks of), refuted (against one of them), or
   * not decided; null when it was not tested.
   */
  outcome: z
    .object({ confirmed: loadLabels, refuted: loadLabels, undecided: loadLabels })
    .nullable(),
  /** The same as a sentence, or why it was not tested; null without a prediction or a report. */
  outcomeText: z.string().nullable(),
  /** The report in one sentence. */
  headline: z.string().nullable(),
  /** What must be known before believing any number, e.g. that cores were virtual. */
  notices: z.array(z.string()),
  failure: z
    .object({
      /** `usage`: a mistake in the scenario's file; `run`: it could not be completed, or an answer was wrong. */
      kind: z.enum(['usage', 'run']),
      code: z.string(),
      message: z.string(),
      cure: z.string().nullable(),
    })
    .nullable(),
})
export type CatalogueEntry = z.infer<typeof entrySchema>

export const catalogueSchema = z.object({
  schemaVersion: z.literal(CATALOGUE_SCHEMA_VERSION),
  /** False when the command was stopped before the last scenario. */
  complete: z.boolean(),
  /** Why it ended early; null while it goes on and when it is complete. */
  ending: z.string().nullable(),
  startedAt: z.string(),
  elapsedSeconds: z.number(),
  /** Repeats everything. */
  command: z.string(),
  seed: z.number(),
  profile: z.string(),
  /** As the first report has it; null before that. */
  environment: environmentSchema.nullable(),
  /** In the order in which they run. */
  scenarios: z.array(entrySchema),
})
export type Catalogue = z.infer<typeof catalogueSchema>
