import { DRAWN, type HandlerStage, type Stage } from '../contract/stage.ts'
import type { Workload } from '../contract/workload.ts'
import { VALUE_HEAD_BYTES } from '../workload/known-records.ts'

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
  runKeyFault,
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
function drawnFault({ burn, wait, touch }: HandlerStage, workload: Workload): string | undefined {
  if (workload.serviceTimes !== undefined) return undefined
  if (touch?.requests === DRAWN) return 'touch of drawn requests needs serviceTimes in the workload'
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

function runKeyFault(stage: HandlerStage, { keysPerRequest }: Workload): string | undefined {
  const { access = 'none', codec } = stage
  if (stage.runKey === undefined) return undefined
  if (keysPerRequest === undefined) return 'runKey needs keysPerRequest in the workload'
  if (access === 'none') return 'access must be read, write or by-operation beside runKey: none'
  return codec === undefined ? undefined : `codec must be in another stage than runKey: ${codec}`
}

/** Warm-up and steady state insert into a half of the room each. */
const LEAST_INSERT_ROOM = 2

/**
 * The first thing in a workload that does not go together, as `field must be …: value`, or undefined. Of a workload whose
 * fields are of the right kinds.
 */
export function workloadFault(workload: Workload): string | undefined {
  return (
    documentFault(workload) ??
    insertFault(workload) ??
    keysPerRequestFault(workload) ??
    classesFault(workload)
  )
}

/** A document must have room in a value, and nothing can be written, nor read by keys. */
function documentFault(workload: Workload): string | undefined {
  const { document, operations, valueBytes } = workload
  if (document === undefined) return undefined
  const written = (['update', 'insert', 'readModifyWrite'] as const).find(
    (name) => (operations[name] ?? 0) !== 0,
  )
  if (written !== undefined)
    return `operations.${written} must be 0 with a document: ${operations[written]}`
  const sized = sizesFault(workload, 'a document')
  if (sized !== undefined) return sized
  if (workload.keysPerRequest !== undefined)
    return 'keysPerRequest must be left out with a document'
  const { length } = document.text
  const room = valueBytes - VALUE_HEAD_BYTES
  return length > room
    ? `document.text must have at most ${room} bytes, valueBytes − ${VALUE_HEAD_BYTES}: ${length}`
    : undefined
}

function sizesFault(workload: Workload, beside: string): string | undefined {
  const sized = (['valueSizes', 'keySizes'] as const).find(
    (name) => (workload[name] ?? 'fixed') !== 'fixed',
  )
  return sized && `${sized} must be fixed with ${beside}: ${workload[sized]}`
}

function insertFault({ operations, keys, insertRoom = 0 }: Workload): string | undefined {
  if (insertRoom >= LEAST_INSERT_ROOM) return undefined
  const least = `insertRoom must be at least ${LEAST_INSERT_ROOM}`
  if ((operations.insert ?? 0) > 0) return `${least} where operations insert: ${insertRoom}`
  return keys.kind === 'latest' ? `${least} with keys latest: ${insertRoom}` : undefined
}

/** A request's payload is written to all its keys, and a reply tells of a write as a whole whether it happened. */
function keysPerRequestFault(workload: Workload): string | undefined {
  if (workload.keysPerRequest === undefined) return undefined
  const sized = sizesFault(workload, 'keysPerRequest')
  if (sized !== undefined) return sized
  const { update, readModifyWrite = 0 } = workload.operations
  return workload.keys.kind === 'latest' && update + readModifyWrite > 0
    ? 'keys must be other than latest where requests over many keys update: a key of theirs may not be there yet'
    : undefined
}

/** Distributions with one favoured key, or none, which is the same key then. */
const HOT_KEYS: ReadonlySet<string> = new Set(['hot-key', 'zipf', 'uniform'])

/** Classes need what they are told apart by. */
function classesFault({ classes, keys, heavyClients, serviceTimes }: Workload): string | undefined {
  if (classes === undefined) return undefined
  const { by, names } = classes
  if (new Set(names).size < names.length) return `classes.names must differ: ${names.join(', ')}`
  if (by === 'client' && heavyClients === undefined)
    return 'classes by client need heavyClients in the workload'
  if (by === 'hot-key' && !HOT_KEYS.has(keys.kind))
    return `classes by hot-key need keys hot-key, zipf or uniform: ${keys.kind}`
  if (by !== 'service-time') return undefined
  if (serviceTimes === undefined) return 'classes by service-time need serviceTimes in the workload'
  const { upToMicros } = classes
  if (upToMicros.some((limit, at) => at > 0 && limit <= upToMicros[at - 1]!))
    return `classes.upToMicros must ascend: ${upToMicros.join(', ')}`
  return names.length === upToMicros.length + 1
    ? undefined
    : `classes.names must be one more than upToMicros: ${names.length} for ${upToMicros.length}`
}
