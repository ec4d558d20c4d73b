import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseArms } from '../../harness/asked/arms.ts'
import { listScenarios, loadScenario } from '../../harness/scenario/load.ts'
import { createTrialContext } from '../../harness/trial/context.ts'
import type { TrialContext } from '../../harness/trial/measured.ts'
import { tinyTrials } from '../../harness/trial/run-trial.ts'
import { CPUS } from './bench.ts'
import { expectSound } from './expect-sound.ts'

/** A busy machine may take long over the drain; figures mean nothing here. */
const TIME_LIMIT_MS = 30_000
const SEED = 1

// Every file in the folder, whoever wrote it: nothing has to be added here for a new one.
describe.each(listScenarios())('every answer of %s is right', (name) => {
  let context: TrialContext

  beforeAll(async () => {
    const loaded = await loadScenario(name, {})
    const virtualCores = loaded.scenario.defaults?.virtualCores ?? null
    const { signal } = new AbortController()
    const arms = parseArms('staged,sharded')
    context = createTrialContext({ loaded, arms, cpus: CPUS, virtualCores, signal })
  }, TIME_LIMIT_MS)
  afterAll(() => context.blockFile?.close())

  test.each(parseArms('staged,sharded'))(
    'on $label',
    async (arm) => {
      const trial = (await tinyTrials(context, SEED, arm))[1]
      expect(trial.counts.completed).toBeGreaterThan(0)
      expectSound(trial)
    },
    TIME_LIMIT_MS,
  )
})
