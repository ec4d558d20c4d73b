import { expect, test } from 'vitest'
import { judgeArms } from '../../harness/experiment/run/judge.ts'
import { pointTimerBound, timerBound } from '../../harness/experiment/timer-bound.ts'
import type { Load, Trial } from '../../harness/results/schema.ts'
import { timerBoundText } from '../../harness/words/verdict.ts'
import { samplePair } from './sample-pair.ts'
import { sampleTrial } from './sample-trial.ts'

const US = 1_000

/** A load of one pair whose waits of 100 µs took so long on average; null for an arm that has none. */
function loadOf(stagedUs: number | null, shardedUs: number | null, label = '50%'): Load {
  const trial = (arm: string, tookUs: number | null): Trial => {
    const plain = sampleTrial({ arm })
    const declaredWaits =
      tookUs === null ? null : { count: 10, askedNs: 1_000 * US, actualNs: 10 * tookUs * US }
    return { ...plain, counters: { ...plain.counters, declaredWaits } }
  }
  const set = {
    round: 0,
    seed: 1,
    traceHash: {},
    order: ['staged', 'sharded'],
    trials: { staged: trial('staged', stagedUs), sharded: trial('sharded', shardedUs) },
    discarded: [],
  }
  return {
    label,
    offeredPerSecond: 1_000,
    fractionOfCapacity: null,
    sets: [set],
    comparisons: [],
  }
}

const bound = (load: Load) => timerBound(load, ['staged', 'sharded'])

test('waits that are late by more than a quarter in both are timer-bound, the least late arm is named', () => {
  const late = bound(loadOf(130, 152))!
  expect(late).toEqual({ arm: 'staged', askedNs: 100 * US, tookNs: 130 * US })
  expect(timerBoundText(late)).toBe('waits of 100 µs took 130 µs even in staged')
  expect(bound(loadOf(160, 126))?.arm).toBe('sharded')
  expect(bound(loadOf(126, null))?.arm).toBe('staged')
})

test('what one arm alone is late by is its own, not the timer’s', () => {
  expect(bound(loadOf(152, 101))).toBeNull()
  expect(bound(loadOf(125, 110))).toBeNull()
  expect(bound(loadOf(null, null))).toBeNull()
})

test('at max servers are busy, and waits late for that', () => {
  expect(bound(loadOf(500, 500, 'max'))).toBeNull()
})

test('void trials say nothing of waits', () => {
  const load = loadOf(200, 100)
  load.sets[0]!.trials['staged'] = { ...load.sets[0]!.trials['staged']!, void: 'wrong' }
  expect(bound(load)).toBeNull()
})

test('a timer-bound comparison names no winner, whatever its ratio', () => {
  const rule = {
    metric: 'p99',
    level: 0.95,
    threshold: 1.05,
    first: 'staged',
    second: 'sharded',
  } as const
  const verdict = judgeArms({ ...loadOf(130, 152), ratios: null }, rule)
  expect(verdict.winner).toBe('inconclusive')
  expect(verdict.sentence).toBe(
    'At 50 % load sharded against staged is timer-bound, so no winner is named: waits of 100 µs took 130 µs even in staged.',
  )
})

test('pairs at a value of a parameter are judged alike', () => {
  const of = (stagedUs: number | null, shardedUs: number | null) =>
    pointTimerBound(
      [samplePair({ tookUs: stagedUs }, { tookUs: shardedUs })],
      ['staged', 'sharded'],
    )
  expect(of(130, 152)).toEqual(bound(loadOf(130, 152)))
  expect(of(160, 126)).toEqual(bound(loadOf(160, 126)))
  expect([of(152, 101), of(125, 110), of(null, null)]).toEqual([null, null, null])
})

test('of pairs at a value neither void trials nor a closed window say anything', () => {
  const arms = ['staged', 'sharded']
  const wrong = samplePair({ tookUs: 200, isVoid: true }, { tookUs: 100 })
  const closed = { ...samplePair({ tookUs: 500 }, { tookUs: 500 }), offeredPerSecond: null }
  expect(pointTimerBound([wrong, closed], arms)).toBeNull()
})

test('at a value a burst of noise in one pair of two says nothing, a late timer in both does', () => {
  const arms = ['staged', 'sharded']
  const late = samplePair({ tookUs: 200 }, { tookUs: 210 })
  const good = samplePair({ tookUs: 103 }, { tookUs: 110 })
  expect(pointTimerBound([late, good], arms)).toBeNull()
  expect(pointTimerBound([late, late], arms)).toMatchObject({ arm: 'staged' })
  expect(pointTimerBound([late, good, late], arms)).toMatchObject({ arm: 'staged' })
})
