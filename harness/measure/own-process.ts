import { fromCLibrary } from '../base/kernel.ts'
import { setFlagsFromString } from 'node:v8'

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

let suspensions = 0
let isWatching = false

/**
 * How often this process was stopped and went on, from the first call on: SIGCONT is sent only to go on. Latencies that span one are
 * the suspension's.
 */
export function suspensionCount(): number {
  if (!isWatching) process.on('SIGCONT', () => suspensions++)
  isWatching = true
  return suspensions
}

/**
 * From now on V8 compiles nothing of this process with TurboFan that it has not yet; what is compiled stays. Of all threads: it is
 * for the moments in which just one of them works. About a microsecond; `tierUp` ends it.
 */
export function stopTieringUp(): void {
  setFlagsFromString('--no-turbofan')
}

/** Functions that are hot are compiled again, those that got hot meanwhile included. */
export function tierUp(): void {
  setFlagsFromString('--turbofan')
}
