import { readdirSync, readFileSync } from 'node:fs'

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
