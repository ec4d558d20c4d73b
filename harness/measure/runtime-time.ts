import { readdirSync } from 'node:fs'
import { readKernelText } from '../base/kernel.ts'
import { NS_PER_SECOND } from '../base/units.ts'
import { difference } from './os-counters.ts'

/** CPU time of this process that no server thread used, and of other processes of the same run; seconds since their start. */
export interface RuntimeTime {
  /** Helper threads: V8's compilers and collector, node's pool. */
  readonly helperSeconds: number
  /** This process's main thread. */
  readonly mainSeconds: number
  /** The other processes, all their threads. */
  readonly familySeconds: number
}

/**
 * Reads what each thread has used from `schedstat`, which is exact to a nanosecond for a thread that sleeps and to a tick for
 * one that runs. Null where there is none. About 15 µs a thread.
 * @param serverThreads kernel ids of this process's threads that are the server's (or burn by the workload's wish).
 * @param family kernel ids of other processes.
 */
export function readRuntimeTime(
  serverThreads: ReadonlySet<number>,
  family: readonly number[],
): RuntimeTime | null {
  try {
    let helperSeconds = 0
    let mainSeconds = 0
    for (const [id, seconds] of readTaskSeconds('self')) {
      if (id === process.pid) mainSeconds += seconds
      else if (!serverThreads.has(id)) helperSeconds += seconds
    }
    const familySeconds = family.reduce((sum, id) => sum + processSeconds(id), 0)
    return { helperSeconds, mainSeconds, familySeconds }
  } catch {
    return null
  }
}

/** What was used between two readings. A thread that ended in between takes its time with it: then it is 0 at least. */
export function subtractRuntimeTime(later: RuntimeTime, earlier: RuntimeTime): RuntimeTime {
  const used = Object.entries(difference(later, earlier))
  return Object.fromEntries(used.map(([name, seconds]) => [name, Math.max(0, seconds)])) as {
    [Name in keyof RuntimeTime]: number
  }
}

/** CPU time of a process, all its present threads, from `schedstat`; 0 for one that is gone or cannot be read. */
export function processSeconds(processId: number): number {
  try {
    return readTaskSeconds(processId).reduce((sum, [, seconds]) => sum + seconds, 0)
  } catch {
    return 0
  }
}

function readTaskSeconds(processId: number | 'self'): (readonly [id: number, seconds: number])[] {
  const folder = `/proc/${processId}/task`
  return readdirSync(folder).flatMap((name) => {
    const [cpuNs] = readKernelText(`${folder}/${name}/schedstat`)?.split(' ') ?? []
    // One that ended in between has none.
    return cpuNs === undefined ? [] : [[Number(name), Number(cpuNs) / NS_PER_SECOND] as const]
  })
}
