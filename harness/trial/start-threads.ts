import { setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { runError } from '../base/errors.ts'
import type { Arm } from '../contract/architecture.ts'
import { burnModule } from '../measure/burn.ts'
import { createTrialMemory, type TrialMemory } from '../server/server-memory.ts'
import { ServerThreads } from '../server/server-threads.ts'
import type { TrialContext } from './measured.ts'

/** What differs from one server of a context to another. */
type Layout = Pick<
  Parameters<typeof createTrialMemory>[0],
  'listen' | 'room' | 'spinners' | 'sabotage'
>

/** A server's memory, and its threads, which are ready and placed. */
export interface StartedThreads {
  readonly memory: TrialMemory
  readonly threads: ServerThreads
}

/**
 * Allocates and fills the memory of one architecture and starts all its threads.
 * @throws when a thread fails, e.g. since its port cannot be listened on, or the run is interrupted: then none is left.
 */
export async function startThreads(
  context: TrialContext,
  arm: Arm,
  layout: Layout,
): Promise<StartedThreads> {
  const { scenario, params, url } = context.loaded
  const stages = scenario.stages(params)
  const memory = createTrialMemory({ ...context, ...layout, arm, stages })
  const common = {
    originNs: context.originNs,
    scenarioUrl: url,
    params,
    burnIterationsPerMicro: context.burnIterationsPerMicro,
    burnModule: burnModule(),
  }
  const threads = await ServerThreads.start(
    memory.plans.map((_, thread) => memory.deployment(thread, common)),
    `scenario=${scenario.name} file=${fileURLToPath(url)} arm=${arm.label}`,
    context.signal,
  )
  try {
    placeThreads(context, memory, threads)
  } catch (error) {
    await threads.stop()
    throw error
  }
  return { memory, threads }
}

/** Pins reactors to their processors and every other thread to the run's, and gives threads the priority of their plan. */
function placeThreads(
  { cpus, setAffinity }: TrialContext,
  memory: TrialMemory,
  threads: ServerThreads,
): void {
  for (const [thread, threadId] of threads.threadIds.entries()) {
    if (threadId === null) continue
    const { cpu, niceness } = memory.plans[thread]!
    const places = cpu === undefined ? cpus : [cpu]
    // Probed when the context was made: since then one was taken away.
    if (setAffinity?.(threadId, places) === false)
      throw runError(
        'unpinned',
        `a thread could not be bound to processor ${places.join(', ')}: the kernel refuses it`,
        'leave the processors online for as long as the run takes',
      )
    if (niceness) setPriority(threadId, niceness)
  }
}
