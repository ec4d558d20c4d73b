import { readFileSync } from 'node:fs'
import { NS_PER_SECOND } from '../base/units.ts'

/** What the kernel counted for one thread since it began. */
export interface OsCounters {
  readonly cpuSeconds: number
  /** Runnable, waiting for a processor. */
  readonly runQueueWaitSeconds: number
  readonly voluntarySwitches: number
  readonly involuntarySwitches: number
  readonly minorFaults: number
  readonly majorFaults: number
}

// Fields of /proc/…/stat behind the command's name, see proc(5).
const STAT_MINOR_FAULTS = 7
const STAT_MAJOR_FAULTS = 9

/**
 * The counters of a thread of this process, read from outside so that the thread is not disturbed; null where there is
 * no /proc. About 60 µs.
 */
export function readOsCounters(threadId: number): OsCounters | null {
  const folder = `/proc/self/task/${threadId}`
  try {
    const [cpuNs, waitNs] = readFileSync(`${folder}/schedstat`, 'utf8').split(' ').map(Number)
    const status = readFileSync(`${folder}/status`, 'utf8')
    const stat = readFileSync(`${folder}/stat`, 'utf8')
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    return {
      cpuSeconds: (cpuNs ?? 0) / NS_PER_SECOND,
      runQueueWaitSeconds: (waitNs ?? 0) / NS_PER_SECOND,
      voluntarySwitches: statusField(status, 'voluntary_ctxt_switches'),
      involuntarySwitches: statusField(status, 'nonvoluntary_ctxt_switches'),
      minorFaults: fields[STAT_MINOR_FAULTS] ?? 0,
      majorFaults: fields[STAT_MAJOR_FAULTS] ?? 0,
    }
  } catch {
    return null
  }
}

function statusField(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
}

/** What was counted between two readings. */
export function subtractOsCounters(later: OsCounters, earlier: OsCounters): OsCounters {
  return {
    cpuSeconds: later.cpuSeconds - earlier.cpuSeconds,
    runQueueWaitSeconds: later.runQueueWaitSeconds - earlier.runQueueWaitSeconds,
    voluntarySwitches: later.voluntarySwitches - earlier.voluntarySwitches,
    involuntarySwitches: later.involuntarySwitches - earlier.involuntarySwitches,
    minorFaults: later.minorFaults - earlier.minorFaults,
    majorFaults: later.majorFaults - earlier.majorFaults,
  }
}
