import { readdirSync, readFileSync } from 'node:fs'
import type { Clock } from '../base/clock.ts'
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

/** What the first touch of fresh pages took beyond a second one. */
interface PageFaults {
  readonly perFaultNs: number
  /** Minor faults that the kernel counted. */
  readonly faults: number
  /** Both touches and the mapping of the memory. */
  readonly elapsedNs: number
}

/** Beyond malloc's largest threshold of 32 MiB memory always comes from the kernel and goes back to it when freed. */
const MAPPED_BYTES = 40 * 2 ** 20
/** The smallest page of any machine; larger ones fault less often. */
const PAGE_BYTES = 4_096
const TOUCHED_PAGES = 1_024
/** With pages of more than 32 of the smallest ones (64 KiB on ARM is 16) a fault is mostly the zeroing of the page. */
const LARGEST_PAGE = 32

/**
 * Touches fresh memory, twice, and counts the faults of the calling thread; about 2 ms. Null where faults cannot be
 * counted, or were so few that the kernel gave huge pages.
 */
export function measurePageFaults(clock: Clock): PageFaults | null {
  const before = readMinorFaults()
  if (before === null) return null
  const beginNs = clock.nowNs()
  const buffer = new ArrayBuffer(MAPPED_BYTES)
  const bytes = new Uint8Array(buffer, 0, TOUCHED_PAGES * PAGE_BYTES)
  const startNs = clock.nowNs()
  touch(bytes)
  const touchedNs = clock.nowNs()
  touch(bytes)
  const againNs = clock.nowNs()
  // Gives the pages back at once; garbage collection would do it much later.
  buffer.transfer(0)
  const elapsedNs = clock.nowNs() - beginNs
  const faults = (readMinorFaults() ?? before) - before
  if (faults < TOUCHED_PAGES / LARGEST_PAGE) return null
  const extraNs = touchedNs - startNs - (againNs - touchedNs)
  return { perFaultNs: Math.max(0, extraNs / faults), faults, elapsedNs }
}

function touch(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += PAGE_BYTES) bytes[at] = 1
}

function readMinorFaults(): number | null {
  try {
    const stat = readFileSync('/proc/thread-self/stat', 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[STAT_MINOR_FAULTS])
  } catch {
    return null
  }
}

const BYTES_PER_KIBIBYTE = 1_024
// USER_HZ: 100 on every architecture of Linux that node runs on.
const TICKS_PER_SECOND = 100
// Fields of /proc/…/stat behind the command's name, see proc(5).
const USER_TIME = 11
const SYSTEM_TIME = 12

/** CPU time that a process has taken, all its threads, in steps of 10 ms; 0 where that cannot be read. */
export function processCpuSeconds(processId: number): number {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) / TICKS_PER_SECOND
  } catch {
    return 0
  }
}

/** Kernel ids of the processes that a process has started and that are still there; none where that cannot be read. */
export function childrenOf(processId: number): readonly number[] {
  try {
    const folder = `/proc/${processId}/task`
    return readdirSync(folder).flatMap((thread) => {
      const ids = readFileSync(`${folder}/${thread}/children`, 'utf8').trim()
      return ids === '' ? [] : ids.split(' ').map(Number)
    })
  } catch {
    return []
  }
}

/** The largest resident memory that a process has had; null where that cannot be read. */
export function largestResidentBytes(processId: number): number | null {
  try {
    const status = readFileSync(`/proc/${processId}/status`, 'utf8')
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
    return kibibytes === undefined ? null : Number(kibibytes) * BYTES_PER_KIBIBYTE
  } catch {
    return null
  }
}
