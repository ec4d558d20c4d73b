import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { runError } from '../base/errors.ts'
import { MS_PER_SECOND } from '../base/units.ts'
import { burnModule } from '../measure/burn.ts'
import { interrupted } from '../server/server-threads.ts'
import type { PortTrace } from '../workload/trace-layout.ts'
import type { InlineCeilingReply, InlineCeilingRequest } from './inline-ceiling.worker.ts'
import type { TrialContext } from './measured.ts'

const ROUND_SECONDS = 0.15
const LIMIT_SECONDS = 60

/**
 * The inline ceiling of one thread, in requests per second, one value per round: what the handlers cost as plain calls, one
 * request after the other. An architecture that serves batches and lets their cache misses overlap can come close to it
 * or pass it. Pinned to the run's first processor.
 */
export async function measureInlineCeiling(
  context: TrialContext,
  trace: PortTrace,
  rounds: number,
): Promise<readonly number[]> {
  const request: InlineCeilingRequest = {
    originNs: context.originNs,
    scenarioUrl: context.loaded.url,
    params: context.loaded.params,
    workload: context.workload,
    sizes: { keyBytes: context.keySpace.keyBytes, payloadBytes: context.keySpace.payloadBytes },
    trace,
    burnIterationsPerMicro: context.burnIterationsPerMicro,
    burnModule: burnModule(),
    seconds: ROUND_SECONDS,
    rounds,
  }
  const worker = new Worker(new URL('inline-ceiling.worker.ts', import.meta.url), {
    workerData: request,
  })
  const limit = AbortSignal.any([
    context.signal,
    AbortSignal.timeout(LIMIT_SECONDS * MS_PER_SECOND),
  ])
  try {
    for (;;) {
      const [reply] = (await Promise.race([
        once(worker, 'message', { signal: limit }),
        ended(worker),
      ])) as [InlineCeilingReply]
      if (reply.kind === 'measured') return reply.perSecond
      if (reply.kind === 'failed')
        throw runError(reply.code, `inline ceiling failed: ${reply.message}`)
      if (reply.threadId !== null) {
        context.setAffinity?.(reply.threadId, context.cpus.slice(0, 1))
      }
    }
  } catch (error) {
    if (context.signal.aborted) throw interrupted()
    if (limit.aborted)
      throw runError('inline-late', `inline ceiling not measured within ${LIMIT_SECONDS} s`)
    throw error
  } finally {
    await worker.terminate()
  }
}

async function ended(worker: Worker): Promise<never> {
  await once(worker, 'exit')
  throw runError('inline-ended', 'inline ceiling: its thread ended before it had measured')
}
