import { readdirSync, readFileSync } from 'node:fs'
import type { Clock } from '../base/clock.ts'
import { readKernelText } from '../base/kernel.ts'
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

function statFields(stat: string): readonly number[] {
  return stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
}

/**
 * The counters of a thread of this process, read from outside so that the thread is not disturbed; null where there is
 * no /proc. About 60 µs.
 */
export function readOsCounters(threadId: number): OsCounters | null {
  const [times, status, stat] = ['schedstat', 'status', 'stat'].map((file) =>
    readKernelText(`/proc/self/task/${threadId}/${file}`),
  )
  if (!times || !status || !stat) return null
  const [cpuNs = 0, waitNs = 0] = times.split(' ').map(Number)
  const fields = statFields(stat)
  return {
    cpuSeconds: cpuNs / NS_PER_SECOND,
    runQueueWaitSeconds: waitNs / NS_PER_SECOND,
    voluntarySwitches: statusField(status, 'voluntary_ctxt_switches'),
    involuntarySwitches: statusField(status, 'nonvoluntary_ctxt_switches'),
    minorFaults: fields[STAT_MINOR_FAULTS] ?? 0,
    majorFaults: fields[STAT_MAJOR_FAULTS] ?? 0,
  }
}

function statusField(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
}

/** What was counted between two readings: the difference of each number. */
export function difference<Counters extends { readonly [Name in keyof Counters]: number }>(
  later: Counters,
  earlier: Counters,
): Counters {
  const names = Object.keys(later) as (keyof Counters)[]
  const counted = names.map((name) => [name, later[name] - earlier[name]])
  return Object.fromEntries(counted) as Counters
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
  const stat = readKernelText('/proc/thread-self/stat')
  return stat === null ? null : statFields(stat)[STAT_MINOR_FAULTS]!
}

const BYTES_PER_KIBIBYTE = 1_024
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
  const status = readKernelText(`/proc/${processId}/status`) ?? ''
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return kibibytes === undefined ? null : Number(kibibytes) * BYTES_PER_KIBIBYTE
}
