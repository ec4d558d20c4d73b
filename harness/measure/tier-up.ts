import { setFlagsFromString } from 'node:v8'

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
