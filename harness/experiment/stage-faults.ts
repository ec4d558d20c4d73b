import { DRAWN, type HandlerStage, type Stage } from '../contract/stage.ts'
import type { Workload } from '../contract/workload.ts'

/**
 * The first thing in stages that does not go together, within a stage or with the workload, as `stage name: what`, or
 * undefined. Of stages and a workload whose fields are of the right kinds.
 */
export function stagesFault(stages: readonly Stage[], workload: Workload): string | undefined {
  for (const stage of stages) {
    if (!('run' in stage)) continue
    const fault = RULES.map((rule) => rule(stage, workload)).find((found) => found !== undefined)
    if (fault !== undefined) return `stage ${stage.name}: ${fault}`
  }
  const splits = stages.some((stage) => 'run' in stage && stage.runKey !== undefined)
  return workload.keysPerRequest === undefined || splits
    ? undefined
    : 'no stage has runKey and combine, which requests over many keys need: workload has keysPerRequest'
}

type Rule = (stage: HandlerStage, workload: Workload) => string | undefined

const RULES: readonly Rule[] = [
  drawnFault,
  keyedFault,
  waitFault,
  legsFault,
  (stage, { memory }) =>
    stage.touch === undefined || memory !== undefined
      ? undefined
      : 'touch needs memory in the workload',
  (stage, { file }) =>
    stage.read === undefined || file !== undefined
      ? undefined
      : 'read needs a file in the workload',
]

/** A stage may ask for a drawn service time only where the workload draws one. */
function drawnFault({ burn, wait }: HandlerStage, workload: Workload): string | undefined {
  if (workload.serviceTimes !== undefined) return undefined
  return burn?.micros === DRAWN || wait?.micros === DRAWN
    ? 'micros drawn needs serviceTimes in the workload'
    : undefined
}

/** No record answers a request for a document. */
function keyedFault({ access = 'none' }: HandlerStage, workload: Workload): string | undefined {
  return workload.document === undefined || access === 'none'
    ? undefined
    : 'access must be none where the workload has a document'
}

/** A key that waits for a device would be locked meanwhile, or its shard stand still: nobody leaves a keyed stage half done. */
function waitFault({ access = 'none', wait, read }: HandlerStage): string | undefined {
  if (access === 'none') return undefined
  const instead = 'put it into a stage of its own'
  if (read !== undefined) return `access must be none beside read: ${access}; ${instead}`
  if (wait === undefined) return undefined
  if (wait.offload === true)
    return `access must be none beside a wait with offload: ${access}; ${instead}, or leave offload out`
  return wait.blocking === true
    ? undefined
    : `access must be none beside a wait that does not block: ${access}; ${instead}, or declare blocking: true`
}

function legsFault(stage: HandlerStage, { keysPerRequest }: Workload): string | undefined {
  const { access = 'none', codec } = stage
  if (stage.runKey === undefined) return undefined
  if (keysPerRequest === undefined) return 'runKey needs keysPerRequest in the workload'
  if (access === 'none') return 'access must be read, write or by-operation beside runKey: none'
  return codec === undefined ? undefined : `codec must be in another stage than runKey: ${codec}`
}
