import { expect, test } from 'vitest'
import { conditionsOf, otherConditions } from '../../harness/compare/conditions.ts'
import type { Report } from '../../harness/results/schema.ts'
import { sampleReport } from '../render/sample-report.ts'

/** What is said about the sample and a changed one. */
function refusal(change: (report: Report) => void) {
  const after = sampleReport()
  change(after)
  const before = sampleReport()
  return otherConditions(conditionsOf(before), conditionsOf(after), before.run.command)
}

test('runs under the same conditions are comparable, whatever else differs', () => {
  expect(
    refusal((report) => {
      report.run.seed = 7
      report.run.startedAt = '2027-01-01T00:00:00.000Z'
      report.run.plannedRounds = 12
      report.run.cpus = [2, 3]
      report.environment.kernel = '7.0'
    }),
  ).toBeUndefined()
})

test.each<[string, (report: Report) => void, string, string]>([
  [
    'compare-scenario',
    ({ scenario }) => void (scenario.name = 'hot-key'),
    'hot-key: the scenario is kv-update in the old report and hot-key in the new one',
    'name two reports of one scenario',
  ],
  [
    'compare-parameter',
    ({ scenario }) => void (scenario.params['keys'] = 5),
    'kv-update: parameter keys is 100000 in the old report and 5 in the new one',
    'run it with --param keys=100000',
  ],
  [
    'compare-trace',
    ({ run }) =>
      void (run.trace = { file: 'log.csv', sha256: 'ab12', requests: 9, keys: 3, perSecond: 4 }),
    'kv-update: the requests are drawn in the old report and those of a log (sha256 ab12) in the new one',
    'play the same requests in both',
  ],
  [
    'compare-options',
    ({ arms }) => void (arms[1]!.options['batch'] = 32),
    'kv-update: option batch of sharded is 16 in the old report and 32 in the new one',
    'give both runs the same options',
  ],
  [
    'compare-transport',
    ({ run }) =>
      void (run.transport = {
        kind: 'http',
        host: '127.0.0.1',
        firstTcpPort: 8_080,
        connections: 64,
        pipelining: 1,
        clientCpus: [],
      }),
    'kv-update: requests arrive by replay in the old report and over http, 64 connections, 1 in flight on each, client co-located in the new one',
    'use one transport',
  ],
  [
    'compare-virtual-cores',
    ({ run }) => void (run.virtualCores = 8),
    'kv-update: virtual cores are none in the old report and 8 in the new one',
    'leave out --virtual-cores',
  ],
  [
    'compare-duration',
    ({ run }) => void (run.durationSeconds = 2),
    'kv-update: a trial’s steady state is 1 s in the old report and 2 s in the new one',
    'run it with --duration 1s',
  ],
  [
    'compare-cpus',
    ({ run }) => void (run.cpus = [0]),
    'kv-update: processors used are 2 in the old report and 1 in the new one',
    'use as many in both: --cpus',
  ],
])('%s is refused with a line and a cure', (code, change, message, cure) => {
  const failure = refusal(change)
  expect(failure).toMatchObject({ kind: 'usage', code, message })
  expect(failure?.cure).toContain(cure)
  expect(failure?.cure).toContain('the old report was made by: crossover run kv-update --seed 42')
})

test('an option or a parameter that only one of both versions knows is no difference', () => {
  expect(
    refusal(({ arms, scenario }) => {
      arms[1]!.options['sampling'] = 'on'
      scenario.params['hotKeys'] = 3
    }),
  ).toBeUndefined()
})

test('an arm of another label is another arm', () => {
  expect(
    refusal(({ arms }) => {
      arms[1] = { ...arms[1]!, label: 'sharded:batch=32', options: { batch: 32 } }
    }),
  ).toBeUndefined()
})
