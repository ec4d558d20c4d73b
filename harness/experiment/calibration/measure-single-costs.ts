import { SINGLE_ROWS, type SingleRow } from '../../results/calibration.ts'
import type { CalibrationContext } from './calibration-context.ts'
import { MOST_WARM_UP_ROUNDS, type CalibrationPlan } from './calibration-plan.ts'
import { CostThread } from './cost-thread.ts'
import type { SingleCostsReply, SingleCostsRequest } from './single-costs.worker.ts'

/** Beyond the planned time: start-up, and a machine that others use. */
const GRACE_SECONDS = 30

const WHY_ABSENT: Readonly<Partial<Record<SingleRow, string>>> = {
  'system-call': 'needs Linux and the optional package koffi',
  'minor-page-fault': 'faults are not counted here, or pages are huge',
}

/** What runs on one thread, measured on a thread of its own, pinned to the first processor. */
export async function measureSingleCosts(
  context: CalibrationContext,
  { rounds, sliceSeconds, endsAtSeconds }: CalibrationPlan['single'],
): Promise<void> {
  const { originNs, cpus, setAffinity, figures, signal } = context
  const mostSlices = (rounds + MOST_WARM_UP_ROUNDS) * SINGLE_ROWS.length
  const thread = new CostThread<SingleCostsReply>({
    entry: new URL('single-costs.worker.ts', import.meta.url),
    data: { originNs, rounds, sliceSeconds } satisfies SingleCostsRequest,
    limitSeconds: 2 * mostSlices * sliceSeconds + GRACE_SECONDS,
    signal,
  })
  try {
    for (
      let round = 0;
      round < rounds && (round === 0 || context.elapsedSeconds() < endsAtSeconds);
    ) {
      const reply = await thread.next()
      if (reply.kind === 'ready') {
        if (reply.threadId !== null) setAffinity?.(reply.threadId, cpus.slice(0, 1))
        for (const name of SINGLE_ROWS) {
          if (!reply.names.includes(name))
            figures.setAbsent(name, WHY_ABSENT[name] ?? 'cannot be run here')
        }
        context.tell('one thread: until the compiler is done')
        continue
      }
      if (reply.isWarmUp) continue
      for (const name of SINGLE_ROWS) {
        const figure = reply.figures[name]
        if (figure !== undefined) figures.add(name, figure)
      }
      round++
      context.tell(`one thread, round ${round} of ${rounds}`)
    }
  } finally {
    await thread.end()
  }
}
