import { expect, test } from 'vitest'
import { backgroundGap } from '../../harness/experiment/timer-bound.ts'
import { judgeArms } from '../../harness/experiment/run/judge.ts'
import type { Load, Trial } from '../../harness/results/schema.ts'
import { backgroundGapText } from '../../harness/words/verdict.ts'
import { sampleTrial } from './sample-trial.ts'

const ARMS = ['staged', 'sharded']

/** A load of one pair whose arms did so much of 20 % of background work; null for a workload without any. */
function loadOf(staged: number | null, sharded: number | null): Load {
  const trial = (arm: string, done: number | null): Trial => ({
    ...sampleTrial({ arm }),
    backgroundShare: done === null ? null : { asked: 0.2, done },
  })
  const set = {
    round: 0,
    seed: 1,
    traceHash: {},
    order: ARMS,
    trials: { staged: trial('staged', staged), sharded: trial('sharded', sharded) },
    discarded: [],
  }
  return {
    label: '50%',
    offeredPerSecond: 1_000,
    fractionOfCapacity: null,
    sets: [set],
    comparisons: [],
  }
}

test('an arm that leaves background work undone which the other does is named', () => {
  const gap = backgroundGap(loadOf(0.03, 0.2), ARMS)!
  expect(gap).toEqual({ asked: 0.2, done: [0.03, 0.2] })
  expect(backgroundGapText(gap, ARMS)).toBe(
    'of 20 % of background work staged did 3 %, sharded 20 %',
  )
})

test('a tenth of what was asked for is no gap, nor is there one without such work', () => {
  expect(backgroundGap(loadOf(0.185, 0.2), ARMS)).toBeNull()
  expect(backgroundGap(loadOf(0.17, 0.2), ARMS)).not.toBeNull()
  expect(backgroundGap(loadOf(null, null), ARMS)).toBeNull()
})

test('no winner is named where one arm did more of it', () => {
  const rule = {
    metric: 'p99',
    level: 0.95,
    threshold: 1.05,
    first: 'staged',
    second: 'sharded',
  } as const
  const verdict = judgeArms({ ...loadOf(0.03, 0.2), ratios: null }, rule)
  expect(verdict.winner).toBe('inconclusive')
  expect(verdict.sentence).toContain('staged and sharded did not do the same work')
})
