import { expect, test } from 'vitest'
import { buildAblation } from '../../harness/cli/ablate.ts'
import { buildFind } from '../../harness/cli/find.ts'
import { buildRequest } from '../../harness/cli/run-request.ts'
import { buildSweep } from '../../harness/cli/sweep.ts'
import type { CrossoverError } from '../../harness/base/errors.ts'
import { loadScenario } from '../../harness/scenario/load.ts'
import { parseArms } from '../../harness/asked/arms.ts'
import { refuseRouting } from '../../harness/scenario/rules.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'

const AWARE = 'staged,sharded:routing=shard-aware'

async function workloadOf(name: string) {
  const { scenario, params } = await loadScenario(name, {})
  return scenario.workload(params)
}

test('clients that stay with one port cannot choose it by the key', async () => {
  const heavy = await workloadOf('heavy-clients')
  const failure: CrossoverError = caughtFailure(() =>
    refuseRouting(parseArms(AWARE), heavy, 'scenario heavy-clients'),
  )
  expect(failure).toMatchObject({ kind: 'usage', code: 'routing' })
  expect(failure.message).toBe(
    'scenario heavy-clients: arm sharded:routing=shard-aware: routing=shard-aware has no effect: workload has heavyClients, each of which stays with the port that it is connected to',
  )
  expect(failure.cure).toContain('leave routing=shard-aware out')
})

test('other routing, or other clients, are fine', async () => {
  const [heavy, plain] = [await workloadOf('heavy-clients'), await workloadOf('kv-update')]
  expect(() => refuseRouting(parseArms('staged,sharded'), heavy, 'here')).not.toThrow()
  expect(() => refuseRouting(parseArms(AWARE), plain, 'here')).not.toThrow()
})

const COMMON = { level: '0.95', out: 'reports' }
const RUN = { profile: 'default', metric: 'p99', transport: 'replay', reference: true }

test.each([
  ['run', () => buildRequest('heavy-clients', { ...COMMON, ...RUN, arms: AWARE }, ['run'])],
  ['sweep', () => buildSweep('heavy-clients', { ...COMMON, arms: AWARE }, ['sweep'])],
  [
    'find',
    () =>
      buildFind('heavy-clients', { ...COMMON, until: '10%', over: 'clients', arms: AWARE }, [
        'find',
      ]),
  ],
  [
    'ablate with a chain of the user’s',
    () => buildAblation('heavy-clients', { ...COMMON, load: '50%', chain: AWARE }, ['ablate']),
  ],
])('%s refuses it before anything is measured', async (_, build) => {
  await expect(build()).rejects.toMatchObject({ kind: 'usage', code: 'routing' })
})

test('ablate’s own chain is measured all the same', async () => {
  const { chain } = await buildAblation('heavy-clients', { ...COMMON, load: '50%' }, ['ablate'])
  expect(chain.arms.some(({ options }) => options['routing'] === 'shard-aware')).toBe(true)
})
