import { kernelThreadId } from '../../harness/measure/affinity.ts'
import { readOsCounters } from '../../harness/measure/os-counters.ts'
import { loadMemoryCalls } from '../../harness/work/memory-calls.ts'

/** Whether the kernel can be asked for what this folder needs: on Linux, with koffi. */
export const hasMemoryCalls = loadMemoryCalls() !== null

/** Minor faults of this thread while it does something. */
export function faultsOf(action: () => void): number {
  const id = kernelThreadId()!
  // Twice: the first reading faults in what reading needs.
  readOsCounters(id)
  const before = readOsCounters(id)!.minorFaults
  action()
  return readOsCounters(id)!.minorFaults - before
}
