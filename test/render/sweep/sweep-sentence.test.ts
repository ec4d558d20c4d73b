import { expect, test } from 'vitest'
import {
  loadSentence,
  scalingSentence,
  slopeSentence,
  sweepSentence,
} from '../../../harness/render/sweep/sentence.ts'
import type { Outcome, Sweep } from '../../../harness/results/sweep.ts'
import { coresSweep, sampleSweep, stagesSweep, troubledSweep } from '../sample-sweep.ts'

/** A sweep over theta 0, 0.2, … with these outcomes and no ratios. */
function outcomes(...list: readonly Outcome[]): Sweep {
  const sweep = sampleSweep()
  const { ratios } = sampleSweep({ pairs: 0 }).values[0]!
  const values = list.map((outcome, index) => ({ ...sweep.values[index]!, ratios, outcome }))
  return { ...sweep, values }
}

test.each<[readonly Outcome[], string]>([
  [
    ['lower', 'lower', 'higher'],
    "sharded's p99 is lower than staged's up to theta 0.2 and higher at theta 0.4.",
  ],
  [['lower', 'lower'], "sharded's p99 is lower than staged's throughout (theta 0 to 0.2)."],
  [
    ['higher', 'undecided', 'undecided', 'lower', 'lower'],
    "sharded's p99 is higher than staged's at theta 0, undecided from theta 0.2 to 0.4 and lower from theta 0.6 on.",
  ],
  [
    ['undecided', 'lower', 'undecided'],
    "sharded's p99 is undecided at theta 0, lower than staged's at theta 0.2 and undecided at theta 0.4.",
  ],
  [['same', 'same'], "sharded's p99 is the same as staged's throughout (theta 0 to 0.2)."],
  [
    ['same', 'higher'],
    "sharded's p99 is the same at theta 0 and higher than staged's at theta 0.2.",
  ],
  [
    ['undecided', 'undecided', 'unknown'],
    "How sharded's p99 compares with staged's is undecided up to theta 0.2 and not known at theta 0.4.",
  ],
  [
    ['unknown', 'unknown'],
    "How sharded's p99 compares with staged's is not known throughout (theta 0 to 0.2).",
  ],
  [
    ['timer-bound', 'timer-bound', 'lower'],
    "sharded's p99 is timer-bound up to theta 0.2 and lower than staged's at theta 0.4.",
  ],
  [['lower'], "sharded's p99 is lower than staged's at theta 0."],
])('%j', (list, sentence) => {
  expect(sweepSentence(outcomes(...list))).toBe(sentence)
})

test('the ratios at both ends follow, where there is one', () => {
  expect(sweepSentence(sampleSweep())).toMatch(
    /: 0\.30× \(.*\) at theta 0, 1\.60× \(.*\) at theta 1\.2\.$/,
  )
  expect(sweepSentence(troubledSweep())).toMatch(/: 0\.30× \([^)]*\) at theta 0\.$/)
})

test('throughput is that of the closed window', () => {
  const values = [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2]
  const sweep = sampleSweep({ metric: 'achievedPerSecond', capacityAt: values })
  expect(sweepSentence(sweep)).toMatch(/^How sharded's throughput at capacity compares .*: 2\.31× /)
})

test('what is offered is said, and what it is a share of', () => {
  expect(loadSentence(sampleSweep())).toBe(
    'Every value is offered the same, 136k/s: 50% of the smallest capacity of either arm at theta 0, 0.99 and 1.2.',
  )
  expect(loadSentence(coresSweep())).toMatch(
    /^Every value is offered the same, 136k\/s per core: 50% of/,
  )
  const over = { subject: 'load', name: 'load', unit: '%', integer: false } as const
  expect(loadSentence(sampleSweep({ over }))).toBe(
    'The load itself varies, in shares of the smaller capacity, 271k/s.',
  )
  const early = sampleSweep()
  early.values[0]!.offeredPerSecond = null
  expect(loadSentence(early)).toBe('No load was offered yet.')
})

test('the scalability law says what it cannot determine', () => {
  expect(scalingSentence(coresSweep())).toMatch(
    /law \(75% intervals\): staged: 1\.84× \(.*\) on 4 cores, contention σ 0\.19 \(.*\), coherency κ 0\.053 \(.*\); sharded: 3\.76×/,
  )
  expect(scalingSentence(coresSweep([1, 2]))).toContain(
    'coherency κ not determinable from fewer than three numbers of cores',
  )
  expect(scalingSentence(coresSweep([2, 4]))).toContain('staged: not known')
  expect(scalingSentence(sampleSweep())).toBeNull()
})

test('an integer parameter has a slope', () => {
  expect(slopeSentence(stagesSweep())).toMatch(
    /^Slope of the median latency, for each one more of stages \(96\.9% intervals\): staged 20\.\d µs \(.*\), sharded .*\.$/,
  )
  expect(slopeSentence(sampleSweep())).toBeNull()
})

test('no ratio is quoted of an end that is timer-bound', () => {
  expect(sweepSentence(sampleSweep({ timerBoundAt: [0] }))).toMatch(
    /^sharded's p99 is timer-bound at theta 0, lower than staged's from theta 0\.2 .*: 1\.60× \([^)]*\) at theta 1\.2\.$/,
  )
})

test('latencies of a class of requests are called that', () => {
  const sweep = outcomes('lower', 'lower')
  expect(sweepSentence({ ...sweep, run: { ...sweep.run, requestClass: 'light' } })).toContain(
    "sharded's p99 of light requests is lower than staged's",
  )
})
