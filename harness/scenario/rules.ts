import { isDeepStrictEqual } from 'node:util'
import { parseArms } from '../asked/arms.ts'
import { availableCpus } from '../asked/cpus.ts'
import { parseLoads } from '../asked/loads.ts'
import type { Assignments } from '../asked/parameters.ts'
import { parseMetric, parseWithin } from '../asked/quantities.ts'
import { parseRange } from '../asked/range.ts'
import type { LoadedScenario } from '../asked/requests.ts'
import { type CrossoverError, usageError } from '../base/errors.ts'
import type { Arm } from '../contract/architecture.ts'
import type { ParameterSpec, Scenario } from '../contract/scenario.ts'
import type { Workload } from '../contract/workload.ts'
import { loadScenario, whereOf } from './load.ts'

/** Values of a sweep that are looked at. */
const SWEEP_STEPS = 5

/**
 * The rules of a good scenario that need no trial, beyond what loading it checks: question, prediction, parameters at their
 * bounds, determinism, defaults and sweeps. Imports the file at its defaults.
 * @returns what was checked, a line for each rule, in words.
 * @throws CrossoverError of kind `usage` at the first rule that is broken: what, where, and what would be right.
 */
export async function checkRules(nameOrPath: string): Promise<string[]> {
  const { scenario } = await loadScenario(nameOrPath, {})
  const where = whereOf(nameOrPath)
  checkTexts(scenario, where)
  const sets = assignmentsAtBounds(Object.entries(scenario.params))
  for (const assignments of sets)
    checkDeterminism(await loadScenario(nameOrPath, assignments), where)
  checkComparison(scenario, where)
  return [
    'name, question and prediction',
    `workload and stages with ${sets.length === 1 ? 'its only values' : `${sets.length} sets of values: defaults, and each parameter at its bounds`}`,
    'workload and stages are the same each time',
    'default comparison and sweeps',
  ]
}

/** The defaults, each number parameter at each of its bounds, and each choice. */
export function assignmentsAtBounds(
  params: readonly (readonly [name: string, spec: ParameterSpec])[],
): Assignments[] {
  const single = params.flatMap(([name, spec]) =>
    spec.kind === 'number'
      ? [{ [name]: String(spec.minimum) }, { [name]: String(spec.maximum) }]
      : spec.choices.map((choice) => ({ [name]: choice })),
  )
  return [{}, ...single]
}

function checkTexts({ question, claim, prediction }: Scenario, where: string): void {
  if (!question.endsWith('?')) {
    throw broken(where, `question is not one: ${question}`, 'ask one thing, and end it with ?')
  }
  if (claim !== undefined && prediction === undefined) {
    throw broken(
      where,
      `claim ${claim} has no prediction`,
      'write down what you expect before you measure: prediction: { winner, because }',
    )
  }
}

/** Threads and processes build workload and stages anew, so they must come out alike. */
function checkDeterminism({ scenario, params }: LoadedScenario, where: string): void {
  for (const part of ['workload', 'stages'] as const) {
    if (
      isDeepStrictEqual(
        withoutIdentity(scenario[part](params)),
        withoutIdentity(scenario[part](params)),
      )
    )
      continue
    throw broken(
      where,
      `${part}(params) differs from call to call: ${JSON.stringify(params)}`,
      'make it of its params alone: no clock, no random numbers of its own, no state of the module',
    )
  }
}

/** Functions made anew are equal when their text is. */
function withoutIdentity(value: unknown): unknown {
  if (typeof value === 'function') return String(value)
  if (Array.isArray(value)) return value.map(withoutIdentity)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, withoutIdentity(field)]),
  )
}

function checkComparison({ params, defaults = {}, sweeps = [] }: Scenario, where: string): void {
  const { arms, loads, metric, within, virtualCores } = defaults
  const mostCores = virtualCores ?? Math.max(2, availableCpus().length)
  const parts: readonly (readonly [field: string, parse: () => unknown])[] = [
    ['defaults.arms', () => arms !== undefined && parseArms(arms)],
    ['defaults.loads', () => loads !== undefined && parseLoads(loads)],
    ['defaults.metric', () => metric !== undefined && parseMetric(metric)],
    ['defaults.within', () => within !== undefined && parseWithin(within, true)],
    ...sweeps.map(
      (sweep, index) =>
        [`sweeps.${index}`, () => parseRange(sweep, SWEEP_STEPS, params, mostCores)] as const,
    ),
  ]
  for (const [field, parse] of parts) {
    try {
      parse()
    } catch (cause) {
      const { message, cure } = cause as CrossoverError
      throw usageError('scenario', `${where}: ${field}: ${message}`, cure ?? '', cause)
    }
  }
}

function broken(where: string, fault: string, cure: string): CrossoverError {
  return usageError('scenario', `${where}: ${fault}`, cure)
}

/** The first arm whose clients would choose their port by the key, where the workload's clients cannot; undefined without one. */
export function unroutedArm(arms: readonly Arm[], { heavyClients }: Workload): Arm | undefined {
  if (heavyClients === undefined) return undefined
  return arms.find(({ options }) => options['routing'] === 'shard-aware')
}

/**
 * @param where scenario whose workload it is.
 * @throws CrossoverError of kind `usage` when clients that stay with one port are to choose it by the key.
 */
export function refuseRouting(arms: readonly Arm[], workload: Workload, where: string): void {
  const arm = unroutedArm(arms, workload)
  if (arm === undefined) return
  throw usageError(
    'routing',
    `${where}: arm ${arm.label}: routing=shard-aware has no effect: workload has heavyClients, each of which stays with the port that it is connected to`,
    'leave routing=shard-aware out, or choose a scenario without heavyClients',
  )
}
