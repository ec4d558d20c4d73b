import { z } from 'zod'

/** Requests of about the same latency, and what it was made of: means, nanoseconds, one per part. */
const latencyMakeUpSchema = z
  .object({
    samples: z.number().int(),
    latencyNs: z.number(),
    partsNs: z.array(z.number()),
  })
  .nullable()

/** Where the time of sampled requests went: the parts of each add up to its latency. */
export const attributionSchema = z.object({
  /** Names of the parts, in the order of every list of them. */
  parts: z.array(z.string()),
  /** One request in so many is sampled, the same ones for both arms. */
  requestsPerSample: z.number(),
  samples: z.number().int(),
  /** Sampled requests that found no room. */
  dropped: z.number().int(),
  /** Share of the samples whose parts add up to their latency within 2 µs or 2 %. */
  sumsWithinShare: z.number(),
  /** Requests around a percentile of the sampled ones; null where there are fewer than five. */
  bands: z.object({
    p50: latencyMakeUpSchema,
    p99: latencyMakeUpSchema,
    p99_9: latencyMakeUpSchema,
  }),
  /** Of the slowest 1 %: share by their longest part; waits in several queues or mailboxes count as one. */
  slowestByCause: z.record(z.string(), z.number()),
})
export type Attribution = z.infer<typeof attributionSchema>
