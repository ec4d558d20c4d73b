import { z } from 'zod'
import { commandShape, environmentSchema, scenarioSchema } from './measurement.ts'
import { COMPARISON_NAMES, estimateSchema } from './schema.ts'

/** The shape of `catalogue.json`: what became of each scenario that one command ran. */
export const CATALOGUE_SCHEMA_VERSION = 1

/** What scenarios are about, in the order in which a page groups them; those of other themes come last. */
export const THEMES: readonly string[] = [
  'stages and handoffs',
  'locks',
  'waiting and polling',
  'devices and blocking',
  'memory and caches',
  'skew',
  'overload',
  'scheduling',
]

const loadLabels = z.array(z.string())

/** What the first comparison came to: ratios are second ÷ first, null where there is none. */
const figuresSchema = z.object({
  /** Labels. */
  first: z.string(),
  second: z.string(),
  /** That stands for the run, and what its verdict is about. */
  load: z.string(),
  metric: z.enum(COMPARISON_NAMES),
  /** Latencies are those of this class of requests; null for all. */
  requestClass: z.string().nullable().default(null),
  /** A label, `none`, `inconclusive`; null without a verdict. */
  winner: z.string().nullable(),
  /** How far from 1 an interval must lie for a winner. */
  threshold: z.number(),
  ratio: estimateSchema.nullable(),
  p50: estimateSchema.nullable(),
  p99: estimateSchema.nullable(),
  /** Of the highest loads that the arms sustain. */
  capacity: estimateSchema.nullable(),
})
export type CatalogueFigures = z.infer<typeof figuresSchema>

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
  /** One of `THEMES` or the author's own; null where none is named, and in files of before there were themes. */
  theme: z.string().nullable().default(null),
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
  /** Null where no load has a sound pair, and in files of before it was kept. */
  figures: figuresSchema.nullable().default(null),
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
  ...commandShape,
  seed: z.number(),
  profile: z.string(),
  /** As the first report has it; null before that. */
  environment: environmentSchema.nullable(),
  /** In the order in which they run. */
  scenarios: z.array(entrySchema),
})
export type Catalogue = z.infer<typeof catalogueSchema>
