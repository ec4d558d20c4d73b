import { expect, test } from 'vitest'
import { type LiveEvent, liveMoment } from '../../harness/cli/live-moment.ts'
import type { Report } from '../../harness/results/schema.ts'
import {
  FIRST,
  objectiveReport,
  repeatedTrial,
  sampleReport,
  sampleTrial,
  SECOND,
} from '../render/sample-report.ts'

const plan = {
  seconds: 100,
  budgetSeconds: null,
  loadCount: 3,
  trialCount: null,
  referenceSeconds: 8,
  among: null,
}

const moment = (event: LiveEvent, report: Report, doneFraction = 0.4) =>
  liveMoment(event, report, doneFraction, plan)

const place = { load: '50%', pair: 3, of: 6 }
const started = { kind: 'trial-started', ...place, arm: FIRST } as const
const probe = { kind: 'probe', arm: FIRST, offeredPerSecond: 212_345 } as const

test.each([
  [
    { kind: 'capacity', arm: FIRST, trial: 1, of: 3, perSecond: null },
    'capacity, trial 1/3, measuring staged',
  ],
  [
    { kind: 'capacity', arm: FIRST, trial: 1, of: 3, perSecond: 212_345 },
    'capacity, trial 1/3, staged done: 212k/s',
  ],
  [started, 'load 50% (2/3), pair 3/6, measuring staged'],
  [
    { kind: 'trial-ended', ...place, trial: sampleTrial(SECOND, 1, 1_000) },
    'load 50% (2/3), pair 3/6, sharded done',
  ],
  [
    { kind: 'repeated', load: '50%', pair: 3, arm: SECOND, gate: 'noise', attempt: 2 },
    'load 50% (2/3), pair 3, sharded attempt 2 (noise)',
  ],
  [{ kind: 'reference', arm: 'staged:layout=fused' }, 'beside them, measuring staged:layout=fused'],
] satisfies [LiveEvent, string][])('the phase is told: %o', (event, text) => {
  expect(moment(event, sampleReport()).subject).toBe(`kv-update: ${text}`)
})

test.each([
  [null, null, 'measuring'],
  [{ ns: 850_000, atLeast: false }, true, '850 µs, kept'],
  [{ ns: 1_000_000_000, atLeast: true }, false, '> 1.00 s, missed'],
])('a search tells what it tries: %o', (latency, kept, text) => {
  expect(moment({ ...probe, latency, kept }, objectiveReport()).subject).toBe(
    `kv-update: search of p99 ≤ 1 ms, staged at 212k/s, ${text}`,
  )
})

test('a repeated trial says so, and why, while it is measured', () => {
  const report = sampleReport()
  const pair = report.loads[1]!.pairs[2]!
  pair.discarded.push(repeatedTrial(SECOND, 1, ['noise']))
  expect(moment(started, report).subject).toMatch(/measuring staged$/)
  pair.discarded.push(repeatedTrial(FIRST, 1, ['halves', 'noise']))
  expect(moment(started, report).subject).toMatch(/pair 3\/6, staged attempt 2 \(halves, noise\)$/)
})

test('the load and the arm of an event are known where it has them', () => {
  const report = sampleReport()
  expect(moment(started, report)).toMatchObject({ load: '50%', arm: FIRST })
  const ended = { kind: 'trial-ended', ...place, trial: sampleTrial(SECOND, 1, 1_000) } as const
  expect(moment(ended, report)).toMatchObject({ load: '50%', arm: SECOND })
  expect(moment({ kind: 'reference', arm: 'other' }, report)).toMatchObject({
    load: null,
    arm: 'other',
  })
})

test('a run among several has their place and what they still take', () => {
  const report = { ...sampleReport() }
  report.run = { ...report.run, elapsedSeconds: 40 }
  const among = { place: 'scenario 3 of 35', secondsAfter: 640 }
  const told = liveMoment(started, report, 0.4, { ...plan, among })
  expect(told.place).toBe('scenario 3 of 35')
  expect(told.profile).toBe('profile default')
  expect(told.time).toBe('40 %, 60 s left, 12 min left in all')
})
