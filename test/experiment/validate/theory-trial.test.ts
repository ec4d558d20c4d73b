import { expect, test } from 'vitest'
import {
  expectedResponses,
  type TheoryTrial,
} from '../../../harness/experiment/validate/played-requests.ts'
import { sampleTrial } from '../sample-trial.ts'
import { tinyTrace } from '../tiny-trace.ts'

/**
 * Two servers; one gap is 10 ns, a cycle 80 ns. The first port's requests arrive at 0, 10, 20 and take 40, 15, 5 ns, the
 * second's arrives at 50 and takes 5.
 */
const TRACE = tinyTrace(8, [
  [
    [0, 40],
    [1, 15],
    [2, 5],
  ],
  [[5, 5]],
])

function played(steadyNs: number): TheoryTrial {
  return { trial: sampleTrial(), servers: 2, trace: TRACE, nsPerGap: 10, steadyNs }
}

test('with a queue per server each request waits for those of its own port', () => {
  // The first server ends at 40, 55, 60; the second at 55.
  expect([...expectedResponses(played(60), false)]).toEqual([5, 40, 40, 45])
})

test('with one queue the server that is free takes the next request', () => {
  // One server is busy until 40; the other ends at 25, 30, and one of them at 55.
  expect([...expectedResponses(played(60), true)]).toEqual([5, 10, 15, 40])
})

test('what is due after the steady state is not expected', () => {
  expect(expectedResponses(played(50), true)).toHaveLength(3)
  expect(expectedResponses(played(50), false)).toHaveLength(3)
})

test('the trace begins again when the steady state is longer than its cycle', () => {
  // From 80 on everything comes as before.
  expect([...expectedResponses(played(140), true)]).toEqual([5, 5, 10, 10, 15, 15, 40, 40])
})

test('servers that stand still for a while answer what they held when they go on', () => {
  const pause = { fromNs: 30, untilNs: 130 }
  // Ends at 130 instead of 40, at 25, at 130 instead of 30, and from 130 at 135.
  expect([...expectedResponses(played(60), true, { pause })]).toEqual([15, 85, 110, 130])
  // The first server ends at 130, 145, 150; the second takes its request at 130.
  expect([...expectedResponses(played(60), false, { pause })]).toEqual([85, 130, 130, 135])
})
