import { expect, test } from 'vitest'
import { type LiveEvent, liveMoment } from '../../../harness/cli/progress/run.ts'
import type { Report } from '../../../harness/results/schema.ts'
import {
  FIRST,
  objectiveReport,
  sampleReport,
  sampleTrial,
  SECOND,
} from '../../render/sample-report.ts'

const alone = null

const moment = (event: LiveEvent, report: Report, fraction = 0.4) =>
  liveMoment(event, report, { fraction, secondsLeft: 60 }, alone)

const place = { load: '50%', round: 3, of: 6 }
const started = {
  kind: 'trial-started',
  ...place,
  arm: FIRST,
  attempt: 1,
  cause: null,
} as const
const probe = { kind: 'probe', arm: FIRST, offeredPerSecond: 212_345 } as const

test.each([
  [
    { kind: 'round', round: 1, of: 6, doing: 'starting servers', arm: null },
    'round 1/6, starting servers',
  ],
  [
    { kind: 'round', round: 1, of: 6, doing: 'warming up', arm: FIRST },
    'round 1/6, warming up: staged',
  ],
  [
    { kind: 'capacity', arm: FIRST, round: 1, of: 6, perSecond: null },
    'round 1/6, capacity of staged: measuring',
  ],
  [
    { kind: 'capacity', arm: FIRST, round: 1, of: 6, perSecond: 212_345 },
    'round 1/6, capacity of staged: 212k/s',
  ],
  [started, 'round 3/6, load 50% (2/3), measuring staged'],
  [
    { ...started, attempt: 2, cause: 'noise' },
    'round 3/6, load 50% (2/3), measuring staged, repeating: noise (attempt 2)',
  ],
  [
    { kind: 'trial-ended', ...place, trial: sampleTrial(SECOND, 1, 1_000) },
    'round 3/6, load 50% (2/3), sharded done',
  ],
  [
    { kind: 'repeated', load: '50%', round: 3, arm: SECOND, gate: 'noise', attempt: 2 },
    'round 3, load 50% (2/3), repeating: noise of sharded (attempt 2)',
  ],
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

test('the load and the arm of an event are known where it has them', () => {
  const report = sampleReport()
  expect(moment(started, report)).toMatchObject({ load: '50%', arm: FIRST })
  const ended = { kind: 'trial-ended', ...place, trial: sampleTrial(SECOND, 1, 1_000) } as const
  expect(moment(ended, report)).toMatchObject({ load: '50%', arm: SECOND })
  const all = { kind: 'round', round: 1, of: 6, doing: 'starting servers', arm: null } as const
  expect(moment(all, report)).toMatchObject({ load: null, arm: null })
})

test('a run among several has their place and what they still take', () => {
  const among = { place: 'scenario 3 of 35', secondsAfter: 640 }
  const told = liveMoment(started, sampleReport(), { fraction: 0.4, secondsLeft: 60 }, among)
  expect(told.place).toBe('scenario 3 of 35')
  expect(told.profile).toBe('profile default')
  expect(told.time).toBe('40 %, 60 s left, 12 min left in all')
})
