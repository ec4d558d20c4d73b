import type { Clock } from '../../harness/base/clock.ts'

/** A clock of which every reading, into its cell or as a number, is what the function says then. */
export function clockOf(nowNs: () => number): Clock {
  const cell = new Float64Array(1)
  const read = (): void => {
    cell[0] = nowNs()
  }
  return {
    cell,
    read,
    nowNs: () => {
      read()
      return cell[0]!
    },
  }
}
