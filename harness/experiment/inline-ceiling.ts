import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { runError } from '../base/errors.ts'
import { minimizeTimerSlack } from '../measure/affinity.ts'
import type { PortTrace } from '../workload/trace-layout.ts'
import type { InlineCeilingReply, InlineCeilingRequest } from './inline-ceiling.worker.ts'
import type { TrialContext } from './run-trial.ts'

const ROUND_SECONDS = 0.15

/**
 * The inline ceiling of one thread, in requests per second, one value per round: what the handlers alone would allow.
 * Times the number of cores it bounds every architecture. Pinned to the run's first processor.
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
    trace,
    burnIterationsPerMicro: context.burnIterationsPerMicro,
    seconds: ROUND_SECONDS,
    rounds,
  }
  const worker = new Worker(new URL('inline-ceiling.worker.ts', import.meta.url), {
    workerData: request,
  })
  const stop = () => void worker.terminate()
  context.signal.addEventListener('abort', stop)
  try {
    for (;;) {
      const [reply] = (await Promise.race([once(worker, 'message'), ended(worker)])) as [
        InlineCeilingReply,
      ]
      if (reply.kind === 'measured') return reply.perSecond
      if (reply.kind === 'failed')
        throw runError(reply.code, `inline ceiling failed: ${reply.message}`)
      if (reply.threadId !== null) {
        context.setAffinity?.(reply.threadId, context.cpus.slice(0, 1))
        minimizeTimerSlack(reply.threadId)
      }
    }
  } finally {
    context.signal.removeEventListener('abort', stop)
    await worker.terminate()
  }
}

async function ended(worker: Worker): Promise<never> {
  await once(worker, 'exit')
  throw runError('inline-ended', 'inline ceiling: its thread ended before it had measured')
}
