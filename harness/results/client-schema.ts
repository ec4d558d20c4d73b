import { z } from 'zod'

/** What the client of real sockets did in the steady state of a trial. */
export const clientSchema = z.object({
  /**
   * How late requests were sent, nanoseconds: from the intended start, or from when a connection became free if that was
   * later. Null in a closed loop, where nothing is due.
   */
  sendLateness: z
    .object({
      p50Ns: z.number(),
      p99Ns: z.number(),
      maxNs: z.number(),
      /** HdrHistogram V2, compressed, base64. */
      histogram: z.string(),
    })
    .nullable(),
  /** CPU time of its process, and the part that was no pacing spin. */
  cpuSeconds: z.number(),
  busySeconds: z.number(),
  /** Connections that broke under a request. */
  connectionErrors: z.number().int(),
})
export type ClientFigures = z.infer<typeof clientSchema>
