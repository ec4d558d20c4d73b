import { readlinkSync, writeFileSync } from 'node:fs'
import { fromCLibrary } from '../base/kernel.ts'

/** `sched_setaffinity` for any thread of this process, or null where it cannot be had. */
export type SetAffinity = (threadId: number, cpus: readonly number[]) => boolean

const MASK_WORDS = 32

/** Its id to the system call. */
export const CALLING_THREAD = 0

/**
 * Loads the system call by koffi. Null off Linux, where koffi is missing and where a sandbox forbids the call: the run goes on,
 * unpinned, and says so.
 * Called once per run by the trial's thread, which pins the others by their ids; about 1 µs per call.
 */
export function loadSetAffinity(): SetAffinity | null {
  return fromCLibrary((library) => {
    const call = library.func('int sched_setaffinity(int pid, size_t size, void *mask)')
    const read = library.func('int sched_getaffinity(int pid, size_t size, void *mask)')
    const own = new Uint32Array(MASK_WORDS)
    const isAllowed =
      read(CALLING_THREAD, own.byteLength, own) >= 0 &&
      call(CALLING_THREAD, own.byteLength, own) === 0
    if (!isAllowed) return null
    return (threadId, cpus) => {
      const mask = new Uint32Array(MASK_WORDS)
      for (const cpu of cpus) mask[cpu >>> 5] = mask[cpu >>> 5]! | (1 << (cpu & 31))
      return call(threadId, mask.byteLength, mask) === 0
    }
  })
}

/** `sched_yield` for the calling thread, about 0.5 µs; null where it cannot be had. */
export function loadYieldProcessor(): (() => void) | null {
  return fromCLibrary((library) => {
    const call = library.func('int sched_yield()')
    return () => void call()
  })
}

/** Makes the calling thread's timers exact to a nanosecond instead of 50 µs (`PR_SET_TIMERSLACK`). False where it cannot. */
export function minimizeTimerSlack(threadId: number): boolean {
  try {
    writeFileSync(`/proc/${threadId}/timerslack_ns`, '1')
    return true
  } catch {
    return false
  }
}

/** Two functions of the C library that take nothing and do next to nothing; `enters` makes a system call, `stays` none. */
interface SystemCall {
  /** `getppid`: the C library keeps no copy of it, every call enters the kernel. */
  readonly enters: () => number
  /** `getpagesize`: known to the process since its start. What both cost is the way through koffi, some 300 ns. */
  readonly stays: () => number
}

/** Loads both by koffi, for the calling thread; null off Linux and where koffi is missing. About 10 ms. */
export function loadSystemCall(): SystemCall | null {
  return fromCLibrary((library) => ({
    enters: library.func('int getppid()'),
    stays: library.func('int getpagesize()'),
  }))
}

/** The kernel's id of the calling thread, or null where there is no /proc. */
export function kernelThreadId(): number | null {
  try {
    const id = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    return Number.isInteger(id) ? id : null
  } catch {
    return null
  }
}
