import { z } from 'zod'
import { usageError } from '../base/errors.ts'
import type { ParameterSpecs, Scenario } from '../contract/scenario.ts'
import type { Workload } from '../contract/workload.ts'
import { buildInTime } from './build-in-time.ts'
import type { Values } from './parse-parameters.ts'
import { scenarioSchema } from './scenario-schema.ts'
import { firstFault, type UnknownField, unknownField } from './schema-fields.ts'
import { stagesFault } from './stage-faults.ts'
import { type CheckedStage, stageSchema } from './stage-schema.ts'
import { workloadFault } from './workload-faults.ts'
import { workloadSchema } from './workload-schema.ts'

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
    const message = cause instanceof Error ? cause.message : String(cause)
    throw usageError(
      'scenario',
      `${where}: ${name}(params) failed: ${message}`,
      `mend ${name} in the scenario`,
      cause,
    )
  }
}
