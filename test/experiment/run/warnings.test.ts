import { expect, test } from 'vitest'
import type { RunRequest } from '../../../harness/experiment/run/request.ts'
import type { LoadRequest } from '../../../harness/asked/requests.ts'
import { traceWarnings } from '../../../harness/experiment/run/warnings.ts'

const log = {} as NonNullable<RunRequest['loaded']['log']>
const request = (loads: readonly LoadRequest[], isLog = true) => ({
  loaded: (isLog ? { log } : {}) as RunRequest['loaded'],
  loads,
  objective: null,
  durationSeconds: 2,
})
const absolute = (label: string, perSecond: number): LoadRequest => ({
  kind: 'absolute',
  label,
  perSecond,
})

test('a load at which a trial plays few requests of a log is doubtful', () => {
  const warnings = traceWarnings(request([absolute('log', 40), absolute('1000/s', 1_000)]))
  expect(warnings).toEqual([
    {
      code: 'few-requests',
      message: 'a trial plays about 80 requests of the log, too few for its tail: load=log',
      cure: expect.stringContaining('--duration'),
    },
  ])
})

test('drawn requests and shares of the capacity are not doubted', () => {
  expect(traceWarnings(request([absolute('10/s', 10)], false))).toEqual([])
  expect(traceWarnings(request([{ kind: 'percent', label: '50%', percent: 50 }]))).toEqual([])
})
