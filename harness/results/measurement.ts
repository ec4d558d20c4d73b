import { z } from 'zod'
import { isOwnName } from './bounds.ts'

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
  /** The commit of crossover's own checkout, and whether files that it keeps were changed; null where there is no checkout, and in older results. */
  commit: z.object({ hash: z.string(), dirty: z.boolean() }).nullable().default(null),
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

/** A doubt about a result: what, and what can be done about it. */
export const warningSchema = z.object({ code: z.string(), message: z.string(), cure: z.string() })
export type Warning = z.infer<typeof warningSchema>

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

/** Which command measured it, when, and for how long. */
export const commandShape = {
  startedAt: z.string(),
  elapsedSeconds: z.number(),
  command: z.string(),
}

/** A trial, where a measurement keeps a part of it. */
export const trialShape = {
  /** Seconds since the start of the measurement. */
  startedAtSeconds: z.number(),
  achievedPerSecond: z.number(),
  /** Null without /proc. */
  cpuPerRequestNs: z.number().nullable(),
  /** Names of the gates that it failed: it is marked, and counts. */
  failedGates: z.array(z.string()),
  /** Why its answers are wrong; then it counts nowhere. */
  void: z.string().nullable(),
}

/** What was asked for, of every measurement of a scenario that varies something. */
export const askedShape = {
  ...commandShape,
  seed: z.number(),
  cpus: z.array(z.number().int()),
  /** Steady state of a trial at the load. */
  durationSeconds: z.number(),
  /** Confidence that an outcome, or an effect on latency, needs. */
  level: z.number(),
  /** The class of requests that latencies are of; null for all requests, and in older results. */
  requestClass: z.string().nullable().default(null),
}

/** A server that is measured. */
export const armSchema = z.object({
  label: z.string().refine((label) => !isOwnName(label), 'no arm can be called so'),
  architecture: z.enum(['staged', 'sharded']),
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

/** The scenario, as a result quotes it. */
export const scenarioSchema = z.object({
  name: z.string(),
  question: z.string(),
  claim: z.string().nullable(),
  prediction: z
    .object({
      winner: z.string(),
      /** The layout of staged that it speaks of; absent for either. */
      about: z.enum(['classic', 'fused', 'both']).optional(),
      orTie: z.boolean().optional(),
      because: z.string(),
    })
    .nullable(),
  /** Those that stay the same. */
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  /** What they are where nobody says otherwise, of all parameters; absent in older results. */
  defaults: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  /**
   * SHA-256, hexadecimal, of the scenario's file and of those that it imports by a relative path, by their paths from its folder; absent
   * in older results.
   */
  sources: z.record(z.string(), z.string()).optional(),
})

/** Trials that failed a gate, those that were played again left out: they count like the others. */
export const markedTrialsSchema = z.object({
  count: z.number().int(),
  of: z.number().int(),
  /** By the name of the gate; a trial may have failed several. */
  byGate: z.record(z.string(), z.number().int()),
})

/** Why a set was played again, each time: the gate that failed, and whose trial it was. */
export const discardedSchema = z.array(z.object({ cause: z.string(), arm: z.string() })).default([])
