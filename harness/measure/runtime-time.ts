import { readdirSync, readFileSync } from 'node:fs'
import { NS_PER_SECOND } from '../base/units.ts'

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
  const left = (name: keyof RuntimeTime) => Math.max(0, later[name] - earlier[name])
  return {
    helperSeconds: left('helperSeconds'),
    mainSeconds: left('mainSeconds'),
    familySeconds: left('familySeconds'),
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
    try {
      const [cpuNs] = readFileSync(`${folder}/${name}/schedstat`, 'utf8').split(' ')
      return [[Number(name), Number(cpuNs) / NS_PER_SECOND] as const]
    } catch {
      // It ended in between.
      return []
    }
  })
}
