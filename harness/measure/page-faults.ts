import { readFileSync } from 'node:fs'
import type { Clock } from '../base/clock.ts'

/** What the first touch of fresh pages took beyond a second one. */
export interface PageFaults {
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
// Field of /proc/…/stat behind the command's name, see proc(5).
const STAT_MINOR_FAULTS = 7

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
