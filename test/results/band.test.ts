import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bandFor, type WantedBand } from '../../harness/results/machine.ts'
import type { Report } from '../../harness/results/schema.ts'
import type { Machine } from '../../harness/results/validate.ts'
import { sampleReport } from '../render/sample-report.ts'

type Environment = Report['environment']

const { environment } = sampleReport()
const machine: Machine = {
  machineVersion: 1,
  measuredAt: '2026-11-20T08:00:00.000Z',
  environment,
  scenario: 'kv-update',
  cpus: [0, 1],
  runs: 20,
  pairs: 6,
  durationSeconds: 1,
  bands: [
    { load: '20%', metric: 'p99', ratio: 1.03 },
    { load: '50%', metric: 'p99', ratio: 1.12 },
    { load: '50%', metric: 'p50', ratio: 1.02 },
  ],
}
const wanted: WantedBand = {
  metric: 'p99',
  scenario: 'kv-update',
  cpus: [1, 0],
  virtualCores: null,
  rounds: 6,
  durationSeconds: 1,
  loads: ['20%', '50%'],
}
const path = 'reports/machine.json'

test('a run like those of the band gets it, for its metric and loads', () => {
  expect(bandFor(machine, environment, wanted, path)).toEqual({
    band: {
      path,
      measuredAt: '2026-11-20T08:00:00.000Z',
      runs: 20,
      pairs: 6,
      durationSeconds: 1,
      ratios: { '20%': 1.03, '50%': 1.12 },
    },
    why: '',
    stale: false,
  })
})

test('loads that were not measured are absent', () => {
  const { band } = bandFor(machine, environment, { ...wanted, loads: ['50%', '80%'] }, path)
  expect(band?.ratios).toEqual({ '50%': 1.12 })
})

test('of two bands of the same load the wider one counts', () => {
  const bands = [...machine.bands, { load: '50%', metric: 'p99', ratio: 1.2 }]
  const { band } = bandFor({ ...machine, bands }, environment, wanted, path)
  expect(band?.ratios['50%']).toBe(1.2)
})

test.each<[Partial<Environment>, string]>([
  [{ cpu: 'Other CPU' }, 'made on another processor: Other CPU instead of Example CPU @ 2.60GHz'],
  [{ cores: 4 }, 'made with 4 cores instead of 2'],
  [{ kernel: '6.18.2' }, 'made on another kernel: 6.18.2 instead of 6.1.0'],
  [{ node: '24.12.0' }, 'made with another node: 24.12.0 instead of 26.10.0'],
  [{ v8: '13.6.1' }, 'made with another V8: 13.6.1 instead of 14.6'],
  [{ mitigations: null }, 'made with other mitigations of processor flaws: meltdown, spectre_v2'],
  [
    { mitigations: { ...environment.mitigations, spectre_v2: 'Vulnerable' } },
    'made with other mitigations of processor flaws: spectre_v2',
  ],
  [{ pinned: false }, 'made without pinned threads'],
  [{ smt: true }, 'made with simultaneous multithreading on'],
  [{ smt: null }, 'made with simultaneous multithreading in an unknown state'],
])('a band made where %j is none', (other, why) => {
  const elsewhere = { ...machine, environment: { ...environment, ...other } }
  expect(bandFor(elsewhere, environment, wanted, path)).toEqual({ band: null, why, stale: true })
  // A new validation would not help a run of another kind.
  const shorter = { ...wanted, durationSeconds: 0.1 }
  expect(bandFor(elsewhere, environment, shorter, path).stale).toBe(false)
})

test.each<[Partial<Environment>]>([
  [{ v8: '14.6.202.9' }],
  [{ loadAverageBefore: [9, 9, 9], stealShare: 0.4, othersShare: null, throttledSeconds: 3 }],
  [{ crossover: '0.2.0', memoryBytes: 1, governor: 'performance', nodeFlags: ['--max-lazy'] }],
])('a band made where %j is still one', (other) => {
  const then = { ...machine, environment: { ...environment, ...other } }
  expect(bandFor(then, environment, wanted, path).why).toBe('')
})

test.each<[Partial<WantedBand>, string]>([
  [{ rounds: 5 }, 'made from larger runs: 6 pairs instead of 5'],
  [{ durationSeconds: 0.5 }, 'made from longer trials: 1 s instead of 0.5 s'],
  [{ metric: 'max' }, 'holds no max at 20%, 50%'],
  [{ loads: ['80%'] }, 'holds no p99 at 80%'],
  [{ loads: [] }, 'holds no p99 at any load'],
  [
    { scenario: 'queue-discipline' },
    'made with another scenario: kv-update instead of queue-discipline',
  ],
  [{ cpus: [0, 1, 2] }, 'made on processors 0, 1 instead of 0, 1, 2'],
  [{ virtualCores: 8 }, 'made on processors, not on virtual cores'],
])('a run that wants %j gets none', (other, why) => {
  expect(bandFor(machine, environment, { ...wanted, ...other }, path)).toEqual({
    band: null,
    why,
    stale: false,
  })
})

test('a band is given exactly to runs that are no smaller, and never without a reason else', () => {
  const sizes = fc.record({
    rounds: fc.integer({ min: 1, max: 12 }),
    durationSeconds: fc.double({ min: 0.1, max: 4, noNaN: true }),
  })
  fc.assert(
    fc.property(sizes, (size) => {
      const { band, why } = bandFor(machine, environment, { ...wanted, ...size }, path)
      const isNoSmaller =
        size.rounds >= machine.pairs && size.durationSeconds >= machine.durationSeconds
      expect(band !== null).toBe(isNoSmaller)
      expect(why === '').toBe(isNoSmaller)
    }),
  )
})
