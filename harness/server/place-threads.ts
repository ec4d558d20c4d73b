import { setPriority } from 'node:os'
import type { SetAffinity } from '../measure/affinity.ts'
import type { TrialMemory } from './server-memory.ts'
import type { ServerThreads } from './server-threads.ts'

/** Where threads may run, and who puts them there. */
interface Place {
  readonly cpus: readonly number[]
  /** Null when threads cannot be pinned. */
  readonly setAffinity: SetAffinity | null
}

/** Pins reactors to their processors and every other thread to the run's, and gives threads the priority of their plan. */
export function placeThreads(context: Place, memory: TrialMemory, threads: ServerThreads): void {
  for (const [thread, threadId] of threads.threadIds.entries()) {
    if (threadId === null) continue
    const { cpu, niceness } = memory.plans[thread]!
    context.setAffinity?.(threadId, cpu === undefined ? context.cpus : [cpu])
    if (niceness) setPriority(threadId, niceness)
  }
}
