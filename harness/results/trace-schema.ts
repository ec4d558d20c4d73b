import { z } from 'zod'

/** A log of somebody's own requests, as a run played it. */
export const traceSchema = z.object({
  /** Its name, without folders. */
  file: z.string(),
  /** The first digits of the file's SHA-256, hexadecimal. */
  sha256: z.string(),
  requests: z.number().int(),
  /** Distinct ones. */
  keys: z.number().int(),
  /** Its own pace. */
  perSecond: z.number(),
})
