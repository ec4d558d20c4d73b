import { fromCLibrary } from '../base/kernel.ts'

/** `PR_SET_PDEATHSIG` of prctl(2), and SIGKILL. */
const SET_PARENT_DEATH_SIGNAL = 1
const KILL = 9

/**
 * Has the kernel end this process when the one that started it ends, however that happens and also while this one is stopped:
 * `disconnect` would come only to a process that runs. False where that cannot be had: off Linux and without koffi.
 */
export function endWithParent(): boolean {
  const parent = process.ppid
  const call = fromCLibrary((library) =>
    library.func('int prctl(int option, ulong two, ulong three, ulong four, ulong five)'),
  )
  if (call === null || call(SET_PARENT_DEATH_SIGNAL, KILL, 0, 0, 0) !== 0) return false
  // It may have ended before the call: then somebody else is the parent now.
  if (process.ppid !== parent) process.exit()
  return true
}
