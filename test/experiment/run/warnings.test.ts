import { expect, test } from 'vitest'
import { READ_OPERATION } from '../../../harness/contract/request.ts'
import type { LoadRequest } from '../../../harness/asked/requests.ts'
import { traceWarnings } from '../../../harness/experiment/run/warnings.ts'
import { loadScenario } from '../../../harness/scenario/load.ts'
import { type RequestLog, RequestLogBuilder } from '../../../harness/workload/request-log.ts'

const LOADED = await loadScenario('kv-update', {})

/** So many requests a second for ten seconds, then ten times as many for one, each at an instant of its own unless clocked. */
function logOf(perSecond: number, isClocked = false) {
  const builder = new RequestLogBuilder()
  let instant = 0
  for (let at = 0; at < 20 * perSecond; at++) {
    instant += at < 10 * perSecond ? 1 / perSecond : 1 / (10 * perSecond)
    builder.add(isClocked ? Math.floor(instant) : instant, READ_OPERATION, `k${at % 9}`, 10)
  }
  return builder.finish({ file: 'log.csv', sha256: '' })!
}

const request = (
  loads: readonly LoadRequest[],
  log: RequestLog | undefined = logOf(100),
  rounds = 40,
) => ({
  loaded: { ...LOADED, ...(log && { log }) },
  loads,
  objective: null,
  durationSeconds: 2,
  rounds,
  seed: 1,
})
const absolute = (label: string, perSecond: number): LoadRequest => ({
  kind: 'absolute',
  label,
  perSecond,
})

test('a load at which a trial plays few requests of a log is doubtful, by their instants and not their mean', () => {
  const log = logOf(100)
  expect(log.perSecond).toBeCloseTo(2_000 / 11, 0)
  const warnings = traceWarnings(
    request([absolute('log', log.perSecond), absolute('2000/s', 2_000)]),
  )
  expect(warnings).toEqual([
    {
      code: 'few-requests',
      message: expect.stringMatching(
        /^a trial plays no more than (?:199|200|201) requests of the log in one of the rounds.*: load=log$/,
      ),
      cure: expect.stringContaining('--duration'),
    },
  ])
})

test('drawn requests and shares of the capacity are not doubted', () => {
  expect(traceWarnings({ ...request([absolute('10/s', 10)]), loaded: LOADED })).toEqual([])
  expect(traceWarnings(request([{ kind: 'percent', label: '50%', percent: 50 }]))).toEqual([])
})

test('a clock of whole seconds is doubted, with the share of its instants, unless they are spread', () => {
  const log = logOf(100, true)
  const [warning] = traceWarnings(request([absolute('x', 5_000)], log))
  expect(warning).toMatchObject({
    code: 'trace-clock',
    message: expect.stringMatching(/^99.% of the requests of log.csv have the instant/),
    cure: expect.stringContaining('--trace-spread'),
  })
  const spread = { ...log, isSpread: true }
  expect(traceWarnings(request([absolute('x', 5_000)], spread))).toEqual([])
})

test('what was left out of a log is told in the report, too', () => {
  const log = { ...logOf(100), notes: ['7 lines read', '2 left out (2 DELETE)'] }
  expect(traceWarnings(request([], log))).toMatchObject([
    { code: 'trace-read', message: '7 lines read; 2 left out (2 DELETE) (in log.csv)' },
  ])
})
