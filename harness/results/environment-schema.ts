import { z } from 'zod'

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
