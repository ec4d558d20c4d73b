import type { Stage } from '../../harness/contract/stage.ts'
import type { ManualClock } from '../base/manual-clock.ts'
import { COUNTER_STAGES } from '../architectures/counter-stages.ts'

/** What `route`, `apply` and one before the last stage take of a clock for each request, ns. */
const ROUTE_NS = 100
const APPLY_NS = 300
const NOTE_NS = 7

/** The counter's stages, some of which take their time, and one more that does. @param clock asked for when a stage runs. */
export function timedStages(clock: () => ManualClock): readonly Stage[] {
  const [decode, route, apply, encode] = COUNTER_STAGES
  const taking = (stage: Stage, ns: number): Stage => {
    if (!('run' in stage)) return stage
    const run: typeof stage.run = (request, records) => {
      clock().advance(ns)
      stage.run!(request, records)
    }
    return { ...stage, run } as Stage
  }
  return [
    decode!,
    taking(route!, ROUTE_NS),
    taking(apply!, APPLY_NS),
    taking({ name: 'note', run: () => {} }, NOTE_NS),
    encode!,
  ]
}

/** Services of a request by stage, where each had its own share of every batch. */
export const TIMED_SERVICES = [0, ROUTE_NS, APPLY_NS, NOTE_NS, 0]
