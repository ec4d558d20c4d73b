import { expect, test } from 'vitest'
import { monotonicOriginNs, ThreadClock } from '../../harness/base/clock.ts'
import { clockErrorNs } from '../../harness/measure/clock-check.ts'
import { clockOf } from '../base/clock-of.ts'

const originNs = monotonicOriginNs()
const clock = new ThreadClock(originNs)
const SECOND_NS = 1_000_000_000

test('a clock that is wrong by a second is further off than one that is right', () => {
  const rightNs = clockErrorNs(clock, originNs)
  expect(rightNs).toBeGreaterThanOrEqual(0)
  for (const offsetNs of [SECOND_NS, -SECOND_NS]) {
    const wrong = clockOf(() => clock.nowNs() + offsetNs)
    expect(clockErrorNs(wrong, originNs)).toBeGreaterThan(rightNs)
  }
})

test('a clock that counts from another instant is off by the difference', () => {
  const errorNs = clockErrorNs(clock, originNs + BigInt(SECOND_NS))
  expect(Math.round(errorNs / SECOND_NS)).toBe(1)
})
