import { expect, test } from 'vitest'
import type { Workload } from '../../harness/contract/workload.ts'
import { prepareHttp, refuseOverHttp } from '../../harness/asked/transport.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'

const WORKLOAD: Workload = {
  recordCount: 10,
  valueBytes: 1_024,
  operations: { read: 1, update: 1 },
  keys: { kind: 'uniform' },
  arrivals: { kind: 'poisson' },
}

test.each<[Partial<Workload>, string]>([
  [{ operations: { read: 1, update: 0, insert: 1 } }, 'operations.insert'],
  [{ operations: { read: 1, update: 0, readModifyWrite: 1 } }, 'operations.readModifyWrite'],
  [{ keysPerRequest: { minimum: 1, maximum: 2, spread: 'neighbours' } }, 'keysPerRequest'],
  [{ heavyClients: { clients: 10, heavyShare: 0.1, requestShare: 0.9 } }, 'heavyClients'],
  [{ valueSizes: 'facebook-etc' }, 'valueSizes facebook-etc'],
  [{ keySizes: 'facebook-etc' }, 'keySizes facebook-etc'],
  [{ valueBytes: 1_028 }, 'valueBytes 1028, above 1024,'],
])('a workload with %j is refused over HTTP', async (changes, feature) => {
  const workload = { ...WORKLOAD, ...changes }
  const failure = {
    kind: 'usage',
    code: 'http-workload',
    message: `workload ${feature} is not played over HTTP`,
    cure: expect.stringContaining('run plays it without --transport http'),
  }
  expect(caughtFailure(() => refuseOverHttp(workload))).toMatchObject(failure)
  const flags = { connections: undefined, pipelining: undefined, tcpPort: undefined }
  const place = { portCount: 1, clientCpus: [] }
  await expect(prepareHttp(workload, flags, place)).rejects.toMatchObject(failure)
})

test('reads and updates of values up to 1,024 bytes are played, under any skew and arrivals', () => {
  for (const changes of [
    {},
    { operations: { read: 1, update: 0, insert: 0, readModifyWrite: 0 } },
    {
      keys: { kind: 'hot-key', share: 0.5 },
      arrivals: { kind: 'bursts', onShare: 1, requests: 1 },
    },
    { keySizes: 'fixed', valueSizes: 'fixed' },
  ] satisfies Partial<Workload>[])
    expect(() => refuseOverHttp({ ...WORKLOAD, ...changes })).not.toThrow()
})
