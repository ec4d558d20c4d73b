import { expect, test } from 'vitest'
import { leftText } from '../../../harness/cli/progress/points.ts'
import { timeText } from '../../../harness/cli/progress/run.ts'
import type { Report } from '../../../harness/results/schema.ts'
import { sampleReport } from '../../render/sample-report.ts'

function reportWith(precision: number | null): Report {
  const report = sampleReport()
  return { ...report, run: { ...report.run, precision } }
}

test('in words: minutes from two on, and never nothing', () => {
  const left = (secondsLeft: number): string => leftText({ fraction: 0.5, secondsLeft })
  expect([left(0.4), left(119.4), left(119.6)]).toEqual(['1 s left', '119 s left', '2 min left'])
})

test('in words: with a precision at most so much, and of several runs all', () => {
  const advance = { fraction: 0.489, secondsLeft: 45 }
  expect(timeText(advance, reportWith(null), null)).toBe('48 %, 45 s left')
  expect(timeText(advance, reportWith(0.1), null)).toBe('48 %, at most 45 s left')
  const among = { place: 'scenario 3 of 35', secondsAfter: 600 }
  expect(timeText(advance, reportWith(null), among)).toBe('48 %, 45 s left, 11 min left in all')
})
