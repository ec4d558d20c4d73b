import { z } from 'zod'
import { environmentSchema } from './trial-parts.ts'

/** A doubt about a result: what, and what can be done about it. */
const warningSchema = z.object({ code: z.string(), message: z.string(), cure: z.string() })

/** What measurements of all kinds have. */
export const measurementShape = {
  /** False when it was stopped or failed before its plan was done. */
  complete: z.boolean(),
  /** Why an incomplete one ended; null while it goes on and when it is complete, and in files of before it was kept. */
  ending: z.string().nullable().default(null),
  environment: environmentSchema,
  warnings: z.array(warningSchema),
}

/** How a measurement stands. */
export interface Standing {
  readonly complete: boolean
  readonly ending: string | null
}
