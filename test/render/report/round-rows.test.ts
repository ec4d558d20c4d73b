import { expect, test } from 'vitest'
import { roundRows, roundsText } from '../../../harness/render/report/round-rows.ts'
import { sampleReport, troubledReport } from '../sample-report.ts'

test('an arm’s row has the medians over rounds and how often it got quiet', () => {
  expect(roundRows(sampleReport())).toEqual([
    [
      'staged',
      '925 ms (range 900–950)',
      '1.45 s (range 1.20–1.70)',
      '900 ms (range 900–3100)',
      '5 of 6',
    ],
    ['sharded', expect.any(String), expect.any(String), expect.any(String), '6 of 6'],
  ])
})

test('one line tells how many rounds there were, how long they took, and who did not get quiet', () => {
  expect(roundsText(sampleReport())).toBe(
    '6 of 6 rounds, each 11.9 s (range 11.6–19.4); staged ready after 2.38 s (range 2.10–2.65), not quiet in 1 of 6; sharded ready after 2.38 s (range 2.10–2.65)',
  )
})

test('a round that was cut short does not count, and with a precision there is no number planned', () => {
  const report = troubledReport()
  expect(roundsText(report)).toMatch(/^3 of 6 rounds/)
  report.run.precision = 0.1
  expect(roundsText(report)).toMatch(/^3 of 4 rounds/)
})

test('a report of before there were rounds has none', () => {
  const report = { ...sampleReport(), rounds: [] }
  expect(roundRows(report)).toEqual([])
  expect(roundsText(report)).toBeNull()
})
