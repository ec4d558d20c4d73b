import { expect, test } from 'vitest'
import { generatorGate, latenessGate } from '../../harness/trial/gates.ts'
import type { ClientFigures } from '../../harness/results/trial-schema.ts'

const MEDIAN = { ns: 200_000, atLeast: false }

/** A client that sent so late and was busy for so long. */
function client(p99Ns: number | null, busySeconds = 0.1): ClientFigures {
  return {
    sendLateness:
      p99Ns === null ? null : { p50Ns: p99Ns / 2, p99Ns, maxNs: 2 * p99Ns, histogram: '' },
    cpuSeconds: 1,
    busySeconds,
    connectionErrors: 0,
  }
}

test('sending 100 µs late is in time, more is not', () => {
  expect(latenessGate(client(100_000), MEDIAN)?.passed).toBe(true)
  expect(latenessGate(client(100_001), MEDIAN)).toMatchObject({
    name: 'lateness',
    passed: false,
    figure: 'p99 of send lateness 100 µs, limit 100 µs',
  })
})

test('where latencies are long, a tenth of the median is in time', () => {
  const median = { ns: 5_000_000, atLeast: false }
  expect(latenessGate(client(500_000), median)?.passed).toBe(true)
  expect(latenessGate(client(500_001), median)?.passed).toBe(false)
})

test('a client that is busy for four fifths of the time may be what limits the requests', () => {
  expect(generatorGate(client(1, 1.59), 2, true)?.passed).toBe(true)
  expect(generatorGate(client(1, 1.6), 2, true)).toMatchObject({
    name: 'generator',
    passed: false,
    figure: 'client busy 80 % of the time, pacing aside, limit 80 %',
  })
})

test('in a closed loop nothing is due', () => {
  expect(latenessGate(client(null), MEDIAN)).toBeNull()
})

test('a closed loop whose client has a processor of its own and fills it tells the client’s capacity', () => {
  expect(generatorGate(client(null), 1, true)).toBeNull()
  expect(generatorGate(client(null), 2, false)?.passed).toBe(true)
  expect(generatorGate(client(null), 1.1, false)).toMatchObject({
    passed: false,
    message: expect.stringContaining('the client was the limit'),
  })
})
