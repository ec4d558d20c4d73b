import { expect, test } from 'vitest'
import { counterRows } from '../../../harness/render/report/counter-rows.ts'
import { pairReport } from '../../../harness/results/compared-pair.ts'
import type { Report } from '../../../harness/results/schema.ts'
import { sampleReport } from '../sample-report.ts'

function hiccupRow(beforeNs: number | null, afterNs: number | null) {
  const report = sampleReport()
  const load = report.loads[0]!
  for (const set of load.sets) set.trials['staged']!.hiccups = { beforeNs, afterNs }
  const pair = pairReport(report)
  return counterRows(pair, pair.loads[0]!).find(
    ([label]) => label === 'longest hiccup beside the trial',
  )
}

test.each([
  [300_000, 20_000, '300 µs'],
  [20_000, 300_000, '300 µs'],
  [null, 300_000, '300 µs'],
  [null, null, '–'],
])(
  'of the hiccups before and after a trial, %j and %j, the longer one counts',
  (before, after, text) => {
    expect(hiccupRow(before, after)?.[1]).toBe(text)
  },
)

test('collections are those of the steady state, but in reports without rounds', () => {
  const labels = (report: Report) =>
    counterRows(pairReport(report), pairReport(report).loads[0]!).map(([label]) => label)
  expect(labels(sampleReport())).toContain('garbage collections')
  expect(labels({ ...sampleReport(), rounds: [] })).toContain(
    'garbage collections, warm-up included',
  )
})

test('what declared waits asked for stands beside what they took, where there were some', () => {
  const report = sampleReport()
  const load = report.loads[0]!
  const row = () => {
    const pair = pairReport(report)
    return counterRows(pair, pair.loads[0]!).find(([label]) => label === 'declared wait')
  }
  expect(row()).toBeUndefined()
  for (const set of load.sets) {
    const { counters } = set.trials['staged']!
    const declaredWaits = { count: 10, askedNs: 1_000_000, actualNs: 1_520_000 }
    set.trials['staged'] = { ...set.trials['staged']!, counters: { ...counters, declaredWaits } }
  }
  expect(row()).toEqual(['declared wait', 'asked 100 µs, took 152 µs', '–'])
})

test('reads that were tried again have a row where reads take no lock, lost wake-ups where there are some', () => {
  const report = sampleReport()
  const load = report.loads[0]!
  const rows = () => {
    const pair = pairReport(report)
    const labels = ['reads tried again, per request', 'lost wake-ups, a fault']
    return counterRows(pair, pair.loads[0]!).filter(([label]) => labels.includes(label))
  }
  expect(rows()).toEqual([])
  for (const set of load.sets) {
    const trial = set.trials['staged']!
    const { counters, achievedPerSecond, steadySeconds } = trial
    const readRetries = 0.5 * achievedPerSecond * steadySeconds
    set.trials['staged'] = { ...trial, counters: { ...counters, readRetries, lostWakeUps: 1 } }
  }
  expect(rows()).toEqual([
    ['reads tried again, per request', '0.50', '–'],
    ['lost wake-ups, a fault', expect.stringMatching(/^\d+ in all$/), '–'],
  ])
})

test('what background work asked for stands beside what was done of it', () => {
  const report = sampleReport()
  const load = report.loads[0]!
  for (const set of load.sets)
    for (const trial of Object.values(set.trials))
      trial.backgroundShare = { asked: 0.2, done: trial.arm === 'staged' ? 0.198 : 0 }
  const pair = pairReport(report)
  expect(counterRows(pair, pair.loads[0]!).at(-1)).toEqual([
    'background work',
    '20% of the processors asked, 19.8% done',
    '20% of the processors asked, 0% done',
  ])
})
