import { expect, test } from 'vitest'
import type { Workload } from '../../harness/contract/workload.ts'
import { READ_OPERATION } from '../../harness/contract/request.ts'
import { loadScenario } from '../../harness/scenario/load.ts'
import { playLog, readTrace } from '../../harness/scenario/read-request-log.ts'
import { type RequestLog, RequestLogBuilder } from '../../harness/workload/request-log.ts'

function smallLog(): RequestLog {
  const builder = new RequestLogBuilder()
  for (const instant of [0, 1, 2]) builder.add(instant, READ_OPERATION, `key${instant}`, 24)
  return builder.finish({ file: 'log.csv', sha256: '' })!
}

test('a scenario plays a log with stages, parameters and address of its own', async () => {
  const [plain, log] = [await loadScenario('kv-update', { keys: '10' }), smallLog()]
  const played = playLog(plain, log)
  expect(played).toMatchObject({ url: plain.url, params: plain.params, log })
  const { scenario } = played
  expect(scenario.workload(played.params)).toMatchObject({ recordCount: 3, valueBytes: 24 })
  expect(scenario.stages(played.params).map(({ name }) => name)).toEqual(
    plain.scenario.stages(plain.params).map(({ name }) => name),
  )
  // What was loaded is as it was.
  expect(plain.scenario.workload(plain.params).recordCount).toBe(10)
})

test.each(['keysPerRequest', 'serviceTimes', 'document'] as const)(
  'a scenario whose workload has %s is refused',
  async (field) => {
    const plain = await loadScenario('kv-update', {})
    const workload = (): Workload => ({ ...plain.scenario.workload(plain.params), [field]: {} })
    const needy = { ...plain, scenario: { ...plain.scenario, workload } }
    expect(() => playLog(needy, smallLog())).toThrow(
      `--trace: kv-update plays no log: its workload has ${field}`,
    )
  },
)

test('real sockets are refused before the file is read', async () => {
  await expect(readTrace('missing.csv', 'http')).rejects.toMatchObject({
    kind: 'usage',
    message: '--trace missing.csv and --transport http exclude each other',
  })
})
