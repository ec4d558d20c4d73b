import { expect, test } from 'vitest'
import { notices, transportText } from '../../../harness/render/report/notices.ts'
import type { Report } from '../../../harness/results/schema.ts'
import { objectiveReport, sampleReport } from '../sample-report.ts'

/** The sample over real sockets. @param clientCpus none when the client shares the servers' processors. */
function overHttp(clientCpus: number[], pipelining = 1): Report {
  const report = sampleReport()
  const transport = {
    kind: 'http' as const,
    host: '127.0.0.1',
    firstTcpPort: 18_080,
    connections: 64,
    pipelining,
    clientCpus,
  }
  return { ...report, run: { ...report.run, transport } }
}

test('a run on processors of its own has no notice', () => {
  expect(notices(sampleReport())).toEqual([])
  expect(notices(overHttp([3]))).toEqual([])
})

test('virtual cores are never taken for processors', () => {
  expect(notices(objectiveReport())).toEqual([
    '8 virtual cores on 2 processors: services are waits; costs of handoffs are not those of 8 cores.',
  ])
})

test('a client that shares the servers’ processors is said to', () => {
  expect(notices(overHttp([]))).toEqual([
    'Co-located: client and servers share 2 processors, so the client’s own work is part of every latency and of the capacity, and no thread of a server spins.',
  ])
})

test('the transport is told in words', () => {
  expect(transportText(sampleReport())).toBe('replay of a trace in shared memory')
  expect(transportText(overHttp([], 16))).toBe(
    'HTTP/1.1 to 127.0.0.1, TCP ports from 18080 on, 64 connections of 16 requests each, client co-located with the servers',
  )
  expect(transportText(overHttp([3]))).toBe(
    'HTTP/1.1 to 127.0.0.1, TCP ports from 18080 on, 64 connections, client on processor 3',
  )
})
