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

/** Times of sampled requests, nanoseconds: exact percentiles, and a histogram of them. */
const sampledTimesSchema = z
  .object({
    /** Sampled requests that spent any such time. */
    count: z.number().int(),
    meanNs: z.number(),
    p50Ns: z.number(),
    p90Ns: z.number(),
    p99Ns: z.number(),
    maxNs: z.number(),
    /** HdrHistogram V2, compressed, base64; values to 1 %. */
    histogram: z.string(),
  })
  .nullable()
export type SampledTimes = z.infer<typeof sampledTimesSchema>

/** What one stage did in the steady state. Null: sharded has no such thing, or nothing was sampled. */
export const stageFiguresSchema = z.object({
  name: z.string(),
  /** In its queue, of the requests that waited there: those that a thread brought along from the stage before did not. */
  wait: sampledTimesSchema,
  /** A request's own share of the batches that it was served in: locks, declared waits and waiting for others are not in it. */
  service: sampledTimesSchema,
  /** Most threads that may be in it at once; most requests that one of them takes from its queue at once. */
  threads: z.number().int().nullable(),
  batchBound: z.number().int().nullable(),
  /** Requests that threads took from its queue: per batch, and per second. Those that they brought along are in neither. */
  requestsPerBatch: z.number().nullable(),
  takenPerSecond: z.number().nullable(),
  /** Requests in its queue, mean over time: by Little's law, the achieved throughput times the mean wait of all sampled requests. */
  meanQueueLength: z.number().nullable(),
})
export type StageFigures = z.infer<typeof stageFiguresSchema>

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

/** The machine of a run, as far as it tells. */
export const environmentSchema = z.object({
  cpu: z.string(),
  cores: z.number().int(),
  memoryBytes: z.number(),
  kernel: z.string(),
  platform: z.string(),
  node: z.string(),
  v8: z.string(),
  crossover: z.string(),
  mitigations: z.record(z.string(), z.string()).nullable(),
  cgroupQuota: z.string().nullable(),
  governor: z.string().nullable(),
  loadAverageBefore: z.array(z.number()),
  loadAverageAfter: z.array(z.number()).nullable(),
  /** Whether threads could be pinned to processors. */
  pinned: z.boolean(),
  /** Simultaneous multithreading is on; null where that cannot be read. */
  smt: z.boolean().nullable(),
  /** Of node and V8 beyond the defaults: command line and NODE_OPTIONS. */
  nodeFlags: z.array(z.string()),
  /** What server processes were started with besides; null in reports before version 4, whose servers were threads of this process. */
  serverFlags: z.array(z.string()).nullable().default(null),
  /** Helper threads of V8 in each server process; null where not known. */
  helperThreads: z.number().int().nullable().default(null),
  /** `always`, `madvise` or `never`; null where it cannot be read. */
  transparentHugePages: z.string().nullable().default(null),
  /** A hypervisor runs this machine; null where that cannot be read. */
  virtual: z.boolean().nullable(),
  /** Share of the processors' time during the run that the hypervisor gave to others. */
  stealShare: z.number().nullable(),
  /** Share that processes other than crossover took. */
  othersShare: z.number().nullable(),
  /** Seconds for which the cgroup was throttled during the run. */
  throttledSeconds: z.number().nullable(),
})

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

/** How requests reach the servers. */
export const transportSchema = z.discriminatedUnion('kind', [
  /** Each port plays its part of a trace in shared memory; there is no client. */
  z.object({ kind: z.literal('replay') }),
  /** Real sockets, and a client in a process of its own. */
  z.object({
    kind: z.literal('http'),
    host: z.string(),
    /** Port i of a server listens on this TCP port + i. */
    firstTcpPort: z.number().int(),
    connections: z.number().int(),
    /** Requests in flight per connection. */
    pipelining: z.number().int(),
    /** Processors that the client has to itself; empty when it shares those of the servers. */
    clientCpus: z.array(z.number().int()),
  }),
])
