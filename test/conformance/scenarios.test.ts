import { describe, expect, test } from 'vitest'
import { buildRequest } from '../../harness/cli/run-request.ts'
import type { ParameterSpec } from '../../harness/contract/scenario.ts'
import { listScenarios, loadScenario } from '../../harness/scenario/load.ts'
import { parseArms } from '../../harness/asked/arms.ts'
import { planRun } from '../../harness/experiment/run/plan.ts'
import type { TrialContext } from '../../harness/trial/measured.ts'
import { checkCriteria } from '../../harness/scenario/criteria.ts'
import { checkRules } from '../../harness/scenario/rules.ts'
import { createTrialContext } from '../../harness/trial/context.ts'
import { traceOfSeed } from '../../harness/trial/series.ts'
import { CPUS } from './bench.ts'

const SEED = 1
const FEW = 1 << 10

// Every file in the folder, whoever wrote it: nothing has to be added here for a new one.
describe.each(listScenarios())('%s', (name) => {
  test('keeps the rules: question, prediction, bounds, determinism, defaults, sweeps', async () => {
    expect(await checkRules(name)).not.toEqual([])
    checkCriteria((await loadScenario(name, {})).scenario, name)
  })

  test('has its file’s name, a question, and claims as the table has them', async () => {
    const { scenario } = await loadScenario(name, {})
    expect(scenario.name).toBe(name)
    expect(scenario.question).toMatch(/^[A-Z].*[^ ]\?$/)
    expect(scenario.claim ?? 'C00').toMatch(/^C\d\d(?:, C\d\d)*$/)
  })

  test('has parameters with units, descriptions, and bounds that leave a choice', async () => {
    const { scenario } = await loadScenario(name, {})
    const faults = Object.entries(scenario.params).flatMap(([parameter, spec]) =>
      hasChoice(spec) && spec.description !== '' ? [] : [parameter],
    )
    expect(faults).toEqual([])
  })

  test('makes the same trace of the same seed, and another one of another', async () => {
    const loaded = await loadScenario(name, {})
    const hash = (seed: number) => {
      const context = contextOf(loaded)
      const trace = traceOfSeed(context, 'random', seed, FEW)
      context.blockFile?.close()
      return trace.hash
    }
    expect(hash(SEED)).toBe(hash(SEED))
    expect(hash(SEED + 1)).not.toBe(hash(SEED))
  })

  test('can be run as it is, by every profile', async () => {
    for (const profile of ['smoke', 'short', 'default', 'long']) {
      const flags = {
        profile,
        level: '0.95',
        transport: 'replay',
        out: 'reports',
        reference: true,
      }
      const request = await buildRequest(name, flags, ['run', name])
      expect(request.loads.length).toBeGreaterThan(0)
      expect(planRun(request).seconds).toBeGreaterThan(0)
    }
  })
})

/** Whether the parameter's bounds leave more than one value, with a unit. */
function hasChoice(spec: ParameterSpec): boolean {
  if (spec.kind === 'choice') return new Set(spec.choices).size > 1
  const { unit, minimum, maximum } = spec
  return unit !== '' && minimum < maximum && Number.isFinite(maximum - minimum)
}

type Loaded = Awaited<ReturnType<typeof loadScenario>>

function contextOf(loaded: Loaded): TrialContext {
  const virtualCores = loaded.scenario.defaults?.virtualCores ?? null
  const { signal } = new AbortController()
  const arms = parseArms('staged,sharded')
  return createTrialContext({ loaded, arms, cpus: CPUS, virtualCores, signal })
}
