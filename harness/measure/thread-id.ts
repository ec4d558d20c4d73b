import { readlinkSync } from 'node:fs'

/** The kernel's id of the calling thread, or null where there is no /proc. */
export function kernelThreadId(): number | null {
  try {
    const id = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    return Number.isInteger(id) ? id : null
  } catch {
    return null
  }
}
