import { z } from 'zod'

/** Nanoseconds; `atLeast` when the percentile falls on a request that was refused or never answered: "> its age". */
export const latencySchema = z.object({ ns: z.number().nonnegative(), atLeast: z.boolean() })
export type Latency = z.infer<typeof latencySchema>

export const PERCENTILE_NAMES = ['p50', 'p90', 'p99', 'p99_9', 'max'] as const
export type PercentileName = (typeof PERCENTILE_NAMES)[number]

/** Percentiles that an objective can be about. */
export const OBJECTIVE_PERCENTILES = ['p50', 'p90', 'p99', 'p99_9'] as const
export type ObjectivePercentile = (typeof OBJECTIVE_PERCENTILES)[number]

const percentilesSchema = z.object({
  p50: latencySchema,
  p90: latencySchema,
  p99: latencySchema,
  p99_9: latencySchema,
  max: latencySchema,
})

/** Null: not available on this machine; never zero for lack of a reading. */
export const reading = z.number().nullable()

const threadSchema = z.object({
  name: z.string(),
  cpu: z.number().int().nullable(),
  cpuSeconds: reading,
  runQueueWaitSeconds: reading,
  voluntarySwitches: reading,
  involuntarySwitches: reading,
  minorFaults: reading,
  majorFaults: reading,
  heapBytes: reading,
  /** Longest time between two turns of a port's thread, sleep excluded; of others not available. */
  longestGapNs: reading,
  /** Turns that found work, and those that found none. */
  workingTurns: reading,
  idleTurns: reading,
  /** Times that it woke another thread, and that it went to sleep. */
  wakeUps: reading,
  parks: reading,
  /** Collections of its heap in the steady state; not available of threads on an event loop. Before version 4: since its start. */
  garbageCollections: reading,
})

/** Waits that stages declare: how many, and the sums of what was asked for and of what it took. */
export const declaredWaitsSchema = z.object({
  count: z.number(),
  askedNs: z.number(),
  actualNs: z.number(),
})

/** Totals of the steady state over all threads of the server: counted some milliseconds longer and scaled to its length. */
const countersSchema = z.object({
  cpuSecondsPerRequest: reading,
  contextSwitchesPerRequest: reading,
  /** Of these: the thread gave its processor up, or it was taken away. */
  voluntarySwitchesPerRequest: reading,
  involuntarySwitchesPerRequest: reading,
  minorFaults: reading,
  majorFaults: reading,
  handoffs: reading,
  /** Batches in which requests were handed on, or messages made visible. */
  handoffBatches: reading,
  messageBatches: reading,
  wakeUps: reading,
  parks: reading,
  messages: reading,
  lockAcquisitions: reading,
  contendedLockAcquisitions: reading,
  lockWaitNs: reading,
  queueLockAcquisitions: reading,
  contendedQueueLockAcquisitions: reading,
  queueLockWaitNs: reading,
  /** Tries of reads without a lock that came to nothing. Null where reads take locks, and in older reports. */
  readRetries: reading.default(null),
  /** Turns of ports' threads that found work, and those that found none. */
  workingTurns: reading,
  idleTurns: reading,
  garbageCollections: reading,
  longestGapNs: reading,
  /** Sleeps that ran out though there was what the thread slept for, a lock included: 0, or the server has a fault. Not in older reports. */
  lostWakeUps: reading.default(null),
  /** Null where there were none, and in older reports. */
  declaredWaits: declaredWaitsSchema.nullable().default(null),
})
export type Counters = z.infer<typeof countersSchema>

const gateSchema = z.object({
  name: z.string(),
  passed: z.boolean(),
  /** What was measured, with its unit. */
  figure: z.string(),
  /** What it means when it failed. */
  message: z.string(),
})
export type Gate = z.infer<typeof gateSchema>

/** Requests of about the same latency, and what it was made of: means, nanoseconds, one per part. */
const latencyMakeUpSchema = z
  .object({
    samples: z.number().int(),
    latencyNs: z.number(),
    partsNs: z.array(z.number()),
  })
  .nullable()

/** Where the time of sampled requests went: the parts of each add up to its latency. */
const attributionSchema = z.object({
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
    /** All of the slowest 1 %, even if it is a single one; absent in older reports. */
    slowest: latencyMakeUpSchema.optional(),
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
const stageFiguresSchema = z.object({
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
const clientSchema = z.object({
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

/** One 100-ms window of the steady state, by the instant at which its requests were due. */
const windowSchema = z.object({
  startMs: z.number(),
  completed: z.number().int().nonnegative(),
  p50Ns: z.number().nonnegative(),
  p99Ns: z.number().nonnegative(),
  maxNs: z.number().nonnegative(),
})

/** Latencies of requests due in the steady state. */
const latencyFields = {
  counts: z.object({
    due: z.number().int().nonnegative(),
    completed: z.number().int().nonnegative(),
    refused: z.number().int().nonnegative(),
    unanswered: z.number().int().nonnegative(),
  }),
  /** HdrHistogram V2, compressed, base64: nanoseconds of the completed requests, 3 significant digits. */
  histogram: z.string(),
  /** Exact; a decoded histogram has lost them. Zero when nothing was completed. */
  minNs: z.number().nonnegative(),
  maxNs: z.number().nonnegative(),
  /** Over every request due in the steady state: refused and unanswered ones are later than all others. */
  percentiles: percentilesSchema,
}

/** One arm at one load in one round. */
export const trialSchema = z.object({
  arm: z.string(),
  /** 1, or 2 or 3 when its set was played again. */
  attempt: z.number().int(),
  /** Seconds since the run's start. */
  startedAtSeconds: z.number(),
  /** How long the load was played before the steady state. Before version 4 this was the whole warm-up of fresh threads. */
  warmUpSeconds: z.number(),
  steadySeconds: z.number().nonnegative(),
  drainSeconds: z.number().nonnegative(),
  /** Why the answers are wrong; null when they were checked and right. */
  void: z.string().nullable(),
  offeredPerSecond: z.number().nullable(),
  achievedPerSecond: z.number().nonnegative(),
  ...latencyFields,
  /** In the scenario's order, together all of them; null where it names no classes, at max over real sockets, and in older reports. */
  classes: z
    .array(z.object({ name: z.string(), ...latencyFields }))
    .nullable()
    .default(null),
  /**
   * Requests due in the steady state that were answered within the stated time: exact but for those whose latency is within 1/1,024
   * below it, which count as late. Absent where no time was stated, or it was not known yet, and in older reports.
   */
  useful: z.object({ withinNs: z.number(), count: z.number().int() }).optional(),
  backlog: z.object({ largestCount: z.number().int(), largestAgeNs: z.number() }),
  counters: countersSchema,
  /** Of the processors' time, 0 … 1: what background work asked for, and what was done; null where there is none. */
  backgroundShare: z.object({ asked: z.number(), done: z.number() }).nullable().default(null),
  threads: z.array(threadSchema),
  series: z.array(windowSchema),
  gates: z.array(gateSchema),
  /**
   * CPU time of the steady state that was the runtime's and no server thread's: of V8's helper threads, and of the main threads of
   * all processes of the run. Null where it cannot be read, and in older reports.
   */
  runtime: z.object({ helperSeconds: reading, mainSeconds: reading }).nullable().default(null),
  /** Null when no request was sampled, and over real sockets, where only the client knows when one was due. */
  attribution: attributionSchema.nullable(),
  /** In the order of the scenario's stages; null where nothing is known of them, and in older reports. */
  stages: z.array(stageFiguresSchema).nullable().default(null),
  /**
   * Requests that held their thread for the arm's `stallMillis` or more in a stage that declares no waiting, the time without a
   * processor taken off: while counters counted, which is some milliseconds longer than the steady state. Absent where no detector
   * looked.
   */
  stalls: z
    .object({
      thresholdNs: z.number(),
      stages: z.array(
        z.object({
          name: z.string(),
          /** Requests that asked the stage for so long a service, by their trace. */
          planted: z.number().int(),
          /** Those that the detector saw, and how many of them were planted. */
          named: z.number().int(),
          plantedNamed: z.number().int(),
          longestNs: z.number(),
        }),
      ),
    })
    .optional(),
  /** Null where ports play the trace themselves. */
  client: clientSchema.nullable(),
  /** Longest time that a thread which only reads the clock lost to others, right before and right after the trial. */
  hiccups: z.object({ beforeNs: reading, afterNs: reading }),
  memory: z.object({ sharedBytes: z.number().int(), heapBytes: reading }),
  /** Settings that controllers found in the warm-up and that were frozen in the steady state. */
  tuned: z.record(z.string(), z.number()),
  /** What the server's threads did without work; not in older reports. */
  idle: z.enum(['poll', 'spin-park', 'park']).optional(),
})
export type Trial = z.infer<typeof trialSchema>
