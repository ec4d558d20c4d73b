import { Script } from 'node:vm'
import { z } from 'zod'
import type { Values } from '../asked/parameters.ts'
import { messageOf, usageError } from '../base/errors.ts'
import { MS_PER_SECOND } from '../base/units.ts'
import type { ParameterSpecs, Scenario } from '../contract/scenario.ts'
import type { Workload } from '../contract/workload.ts'
import { stagesFault, workloadFault } from './faults.ts'
import { firstFault, type UnknownField, unknownField } from './fields.ts'
import { type CheckedStage, scenarioSchema, stageSchema } from './schema.ts'
import { workloadSchema } from './workload-schema.ts'

/** What a scenario's `workload` and `stages` may take: a thousand times what they need. */
const LIMIT_SECONDS = 5

/** In a context of its own a script has a time limit, and what it calls has it, too, wherever that was made. */
const CALL = new Script('build()')

/**
 * What a scenario's builder returns, as it is. An endless loop in it is interrupted, one in what it promises is not. About
 * 2 ms besides the builder's own time.
 * @param limitSeconds above zero. @default 5
 * @throws Error that says so behind the limit; else what the builder throws.
 */
export function buildInTime<T>(build: () => T, limitSeconds = LIMIT_SECONDS): T {
  try {
    return CALL.runInNewContext({ build }, { timeout: limitSeconds * MS_PER_SECOND }) as T
  } catch (error) {
    if (!isTimeout(error)) throw error
    throw new Error(`it did not return within ${limitSeconds} s`, { cause: error })
  }
}

/** An error of the other context: it is no instance of ours. */
function isTimeout(error: unknown): boolean {
  return (error as { readonly code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
}

const EXAMPLE = 'scenarios/kv-update.ts is an example'

/** A module's default export as a scenario, once all its fields are there and of the right kind. */
export function checkScenario(exported: unknown, where: string): Scenario<ParameterSpecs> {
  refuseUnknown('scenario', unknownField(scenarioSchema, exported, ''), `${where}: default export`)
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
  refuseUnknown('workload', unknownField(workloadSchema, workload, 'workload'), where)
  const found = firstFault(workloadSchema, workload) ?? workloadFault(workload as Workload)
  if (found !== undefined) {
    throw usageError(
      'workload',
      `${where}: workload ${found}`,
      `change what workload(params) returns, or the --param behind it; ${EXAMPLE}`,
    )
  }
  const stages = call('stages', () => scenario.stages(params), where)
  if (Array.isArray(stages)) {
    for (const [index, stage] of stages.entries())
      refuseUnknown('stages', unknownField(stageSchema, stage, `stages[${index}]`), where)
  }
  const fault = formFault(stages) ?? stagesFault(stages, workload as Workload)
  if (fault === undefined) return
  throw usageError('stages', `${where}: ${fault}`, `change what stages(params) returns; ${EXAMPLE}`)
}

/** Before what is missing: the same field, mistyped, tells more. */
function refuseUnknown(code: string, unknown: UnknownField | undefined, where: string): void {
  if (unknown !== undefined) throw usageError(code, `${where}: ${unknown.fault}`, unknown.cure)
}

function formFault(stages: unknown): string | undefined {
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

function stageFault(stage: unknown, index: number): string | undefined {
  const named = z.looseObject({ name: z.string() }).safeParse(stage)
  const where = `stage ${named.data?.name ?? index}`
  const fault = firstFault(stageSchema, stage)
  return fault && `${where}: ${fault}`
}

function firstRepeated(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index)
}

function call<T>(name: string, produce: () => T, where: string): T {
  try {
    return buildInTime(produce)
  } catch (cause) {
    throw usageError(
      'scenario',
      `${where}: ${name}(params) failed: ${messageOf(cause)}`,
      `mend ${name} in the scenario`,
      cause,
    )
  }
}
