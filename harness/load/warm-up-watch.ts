import type { Clock } from '../base/clock.ts'
import { type RecorderMemory, WINDOW_NS } from '../measure/recorder-layout.ts'
import { isSteady, STEADY_WINDOWS, summarizeWindows } from '../measure/window-series.ts'
import type { LoadPlan } from './load-plan.ts'
import { sleepUntil } from './pacing-loop.ts'

/** Windows at a warm-up's beginning that say nothing: connections and compilers are cold. */
const COLD_WINDOWS = 2

/**
 * Waits until the latencies of a warm-up have stopped falling, or for as long as the plan allows. Tells how long it took.
 * @param recorders of all ports, whose windows begin at `beganNs`
 * @param look called after each window; what it throws ends the warm-up
 */
export async function warmUntilSteady(
  plan: LoadPlan,
  clock: Clock,
  recorders: readonly RecorderMemory[],
  beganNs: number,
  signal: AbortSignal,
  look: () => void = () => {},
): Promise<number> {
  for (let full = 1; ; full++) {
    await sleepUntil(clock, beganNs + full * WINDOW_NS, signal)
    look()
    const ns = clock.nowNs() - beganNs
    if (ns >= plan.longestWarmUpNs) return ns
    // The latest full window may still have requests in flight: leave it out.
    const first = full - 1 - STEADY_WINDOWS
    if (ns < plan.leastWarmUpNs || first < COLD_WINDOWS) continue
    if (isSteady(summarizeWindows(recorders, first, STEADY_WINDOWS))) return ns
  }
}
