import { expect, test } from 'vitest'
import {
  leftText,
  type ProgressPlan,
  progressTime,
  timeText,
} from '../../harness/cli/progress-plan.ts'
import type { Report } from '../../harness/results/schema.ts'
import { sampleReport } from '../render/sample-report.ts'

const plan: ProgressPlan = {
  seconds: 100,
  budgetSeconds: null,
  loadCount: 3,
  trialCount: 36,
  referenceSeconds: 8,
  among: null,
}

/** After so many seconds, with so many whole pairs at the first load, which began after 10 seconds. */
function after(elapsedSeconds: number, pairs: number, precision: number | null = null): Report {
  const report = sampleReport()
  const [load] = report.loads
  const begun = load!.pairs.slice(0, pairs)
  for (const trial of begun.flatMap((pair) => Object.values(pair.trials)))
    trial.startedAtSeconds = 10
  return {
    ...report,
    run: { ...report.run, elapsedSeconds, precision },
    loads: [{ ...load!, pairs: begun }],
  }
}

test('until there are trials enough what is left is told by the plan', () => {
  expect(progressTime(after(0, 0), 0, plan)).toEqual({ fraction: 0, secondsLeft: 100 })
  expect(progressTime(after(25, 1), 0.25, plan)).toEqual({ fraction: 0.25, secondsLeft: 75 })
})

test('then by how long trials take, repeated ones included', () => {
  // 6 trials in 60 s, 30 to go, and what is measured beside them.
  expect(progressTime(after(70, 3), 0.7, plan).secondsLeft).toBe(308)
  expect(progressTime(after(170, 3), 1, plan).secondsLeft).toBe(808)
})

test('a search has no number of trials: only the plan is known', () => {
  const search = { ...plan, trialCount: null }
  expect(progressTime(after(70, 3), 0.7, search).secondsLeft).toBeCloseTo(30)
})

test('a budget is a limit', () => {
  expect(progressTime(after(70, 3), 0.7, { ...plan, budgetSeconds: 105 }).secondsLeft).toBe(35)
  expect(progressTime(after(110, 3), 1, { ...plan, budgetSeconds: 105 }).secondsLeft).toBe(0)
})

test('behind the loads only the reference is left, whatever the budget cut off', () => {
  expect(progressTime(after(92, 3), 0.92, plan, true)).toEqual({ fraction: 0.92, secondsLeft: 8 })
})

test('in words: minutes from two on', () => {
  const left = (secondsLeft: number): string => leftText({ fraction: 0.5, secondsLeft })
  expect([left(0.4), left(119.4), left(119.6)]).toEqual(['0 s left', '119 s left', '2 min left'])
})

test('in words: with a precision at most so much, and of several runs all', () => {
  const time = { fraction: 0.489, secondsLeft: 45 }
  expect(timeText(time, after(45, 0), plan)).toBe('48 %, 45 s left')
  expect(timeText(time, after(45, 0, 0.1), plan)).toBe('48 %, at most 45 s left')
  const among = { place: 'scenario 3 of 35', secondsAfter: 600 }
  expect(timeText(time, after(45, 0), { ...plan, among })).toBe(
    '48 %, 45 s left, 11 min left in all',
  )
})
