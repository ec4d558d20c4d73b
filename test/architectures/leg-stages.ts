import type { HandlerStage, Stage } from '../../harness/contract/stage.ts'
import { gatherLegs } from '../../harness/workload/handlers.ts'
import { COUNTER_STAGES } from './counter-stages.ts'

const [decode, route, , encode] = COUNTER_STAGES
const apply = COUNTER_STAGES[2] as HandlerStage

/** The counter for requests over many keys: an update increments the version of each of them. */
export const LEG_STAGES: readonly Stage[] = [
  decode!,
  route!,
  {
    ...apply,
    run: () => {
      throw new Error('a stage with runKey does not run')
    },
    runKey: (leg, records) => apply.run(leg, records),
    combine: gatherLegs,
  },
  encode!,
]
