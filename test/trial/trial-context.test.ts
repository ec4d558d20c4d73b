import { expect, test } from 'vitest'
import type { CrossoverError } from '../../harness/base/errors.ts'
import { loadScenario } from '../../harness/scenario/load.ts'
import { parseArms } from '../../harness/asked/arms.ts'
import { availableCpus } from '../../harness/asked/cpus.ts'
import { affinityFor, createTrialContext } from '../../harness/trial/context.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'

/** All there are, so that nothing needs to be bound to them. */
const CPUS = availableCpus()

async function placeOf(scenario: string, virtualCores: number | null) {
  const loaded = await loadScenario(scenario, {})
  const arms = parseArms('staged,sharded')
  return { loaded, arms, cpus: CPUS, virtualCores, signal: new AbortController().signal }
}

test('without virtual cores a server has one core per processor', async () => {
  const context = createTrialContext(await placeOf('kv-update', null))
  expect(context.cores).toEqual(CPUS)
  expect(context.cpus).toEqual(CPUS)
})

test.each([1, 8])('%i virtual cores are bound to no processor', async (virtualCores) => {
  const context = createTrialContext(await placeOf('queue-discipline', virtualCores))
  expect(context.cores).toEqual(Array.from({ length: virtualCores }, () => null))
  expect(context.cpus).toEqual(CPUS)
})

test('a scenario whose work is a blocking wait may have real cores, too', async () => {
  expect(createTrialContext(await placeOf('queue-discipline', null)).cores).toEqual(CPUS)
})

test('work that needs processors cannot have virtual cores', async () => {
  const place = await placeOf('kv-update', 8)
  const failure: CrossoverError = caughtFailure(() => createTrialContext(place))
  expect(failure).toMatchObject({ kind: 'usage', code: 'virtual-cores' })
  expect(failure.message).toContain('no stage of kv-update is a blocking wait')
})

test('a server may compute on virtual cores that are fewer than its processors', async () => {
  const place = { ...(await placeOf('kv-update', 1)), cpus: CPUS.slice(0, 2) }
  expect(place.cpus).toHaveLength(2)
  expect(createTrialContext(place).cores).toEqual([null])
  expect(() => createTrialContext({ ...place, virtualCores: 2 })).toThrow('is a blocking wait')
})

test('a workload with a file has it made, without one there is none', async () => {
  const context = createTrialContext(await placeOf('own-cache', null))
  expect(context.blockFile?.spec).toEqual(context.workload.file)
  context.blockFile?.close()
  expect(createTrialContext(await placeOf('kv-update', null)).blockFile).toBeNull()
})

test('it holds what the scenario makes of its parameters, and a key for every record', async () => {
  const place = await placeOf('kv-update', null)
  const context = createTrialContext(place)
  expect(context.workload).toEqual(place.loaded.scenario.workload(place.loaded.params))
  expect(context.keySpace.hashes).toHaveLength(context.workload.recordCount)
  expect(context.burnIterationsPerMicro).toBeGreaterThan(0)
})

test.runIf(process.platform === 'linux')(
  'processors that no thread can be bound to are refused',
  () => {
    const before = availableCpus()
    const failure: CrossoverError = caughtFailure(() => affinityFor([before[0]!, 900, 901]))
    expect(failure).toMatchObject({ kind: 'usage', code: 'cpus' })
    expect(failure.message).toBe(
      'no thread can be bound to processor 900, 901: the kernel refuses it',
    )
    expect(affinityFor(before)).not.toBeNull()
    expect(availableCpus()).toEqual(before)
  },
)
