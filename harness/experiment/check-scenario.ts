import { z } from 'zod'
import { usageError } from '../base/errors.ts'
import {
  DRAWN,
  type ParameterSpecs,
  type Scenario,
  type Stage,
  type Workload,
} from '../contract/scenario.ts'
import type { Values } from './parse-parameters.ts'
import type { CheckedStage } from './scenario-schema.ts'
import { firstFault, scenarioSchema, stageSchema, workloadSchema } from './scenario-schema.ts'

const EXAMPLE = 'scenarios/kv-update.ts is an example'

/** Parts of the contract that no architecture executes yet. */
const NOT_EXECUTED_YET = ['runKey', 'combine']

const VALUE_HEAD_BYTES = 8

/** A module's default export as a scenario, once all its fields are there and of the right kind. */
export function checkScenario(exported: unknown, where: string): Scenario<ParameterSpecs> {
  const fault = firstFault(scenarioSchema, exported)
  if (fault === undefined) return exported as Scenario<ParameterSpecs>
  throw usageError(
    'scenario',
    `${where}: default export: ${fault}`,
    `export default defineScenario({ name, question, params, workload, stages, verify }); ${EXAMPLE}`,
  )
}

/** Throws unless the harness can execute what the scenario makes of these parameter values. */
export function checkPrepared(
  scenario: Scenario<ParameterSpecs>,
  params: Values,
  where: string,
): void {
  const workload = call('workload', () => scenario.workload(params), where)
  const workloadFault = firstFault(workloadSchema, workload) ?? documentFault(workload as Workload)
  if (workloadFault !== undefined) {
    throw usageError(
      'workload',
      `${where}: workload ${workloadFault}`,
      `change what workload(params) returns, or the --param behind it; ${EXAMPLE}`,
    )
  }
  const stages = call('stages', () => scenario.stages(params), where)
  const fault =
    stagesFault(stages) ??
    drawnFault(stages, workload as Workload) ??
    keyedFault(stages, workload as Workload)
  if (fault === undefined) return
  throw usageError('stages', `${where}: ${fault}`, `change what stages(params) returns; ${EXAMPLE}`)
}

function stagesFault(stages: unknown): string | undefined {
  if (!Array.isArray(stages) || stages.length === 0) {
    return 'stages must return an array of at least one stage'
  }
  const fault = stages.map(stageFault).find((found) => found !== undefined)
  if (fault !== undefined) return fault
  const checked = stages as readonly CheckedStage[]
  const codecs = checked.flatMap(({ codec }) =>
    codec === 'both' ? ['decode', 'encode'] : (codec ?? []),
  )
  const name = firstRepeated(checked.map((stage) => stage.name))
  if (name !== undefined) return `two stages have the name ${name}`
  const codec = firstRepeated(codecs)
  if (codec !== undefined) return `two stages have codec ${codec}`
  return codecs[0] === 'encode' && codecs.length > 1
    ? 'stages encode before they decode'
    : undefined
}

/** A stage may ask for a drawn service time only where the workload draws one. */
function drawnFault(stages: readonly Stage[], workload: Workload): string | undefined {
  if (workload.serviceTimes !== undefined) return undefined
  const asking = stages.find(
    (stage) => 'run' in stage && (stage.burn?.micros === DRAWN || stage.wait?.micros === DRAWN),
  )
  return asking && `stage ${asking.name}: micros drawn needs serviceTimes in the workload`
}

/** A document must have room in a value, and nothing can be updated. */
function documentFault({ document, operations, valueBytes }: Workload): string | undefined {
  if (document === undefined) return undefined
  if (operations.update !== 0)
    return `operations.update must be 0 with a document: ${operations.update}`
  const { length } = document.text
  const room = valueBytes - VALUE_HEAD_BYTES
  return length > room
    ? `document.text must have at most ${room} bytes, valueBytes − ${VALUE_HEAD_BYTES}: ${length}`
    : undefined
}

/** No record answers a request for a document. */
function keyedFault(stages: readonly Stage[], workload: Workload): string | undefined {
  if (workload.document === undefined) return undefined
  const keyed = stages.find((stage) => 'run' in stage && (stage.access ?? 'none') !== 'none')
  return keyed && `stage ${keyed.name}: access must be none where the workload has a document`
}

function stageFault(stage: unknown, index: number): string | undefined {
  const named = z.looseObject({ name: z.string() }).safeParse(stage)
  const where = `stage ${named.data?.name ?? index}`
  const fault = firstFault(stageSchema, stage)
  if (fault !== undefined) return `${where}: ${fault}`
  if (named.data?.['wait'] !== undefined && !isBlocking(named.data['wait']))
    return `${where}: wait is executed only with blocking: true so far`
  const unsupported = NOT_EXECUTED_YET.find((field) => named.data?.[field] !== undefined)
  return unsupported && `${where}: ${unsupported} is not executed yet; burn, access and run are`
}

function isBlocking(wait: unknown): boolean {
  return (wait as { blocking?: boolean }).blocking === true
}

function firstRepeated(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index)
}

function call<T>(name: string, produce: () => T, where: string): T {
  try {
    return produce()
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw usageError(
      'scenario',
      `${where}: ${name}(params) failed: ${message}`,
      `mend ${name} in the scenario`,
      cause,
    )
  }
}
