import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { type LoadedReport, loadReport } from '../../harness/results/load.ts'
import type { Trial } from '../../harness/results/schema.ts'
import { repeatedTrial, sampleReport, sampleTrial } from '../render/sample-report.ts'
import { renderTerminal } from '../../harness/render/report/render.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossover-migrate-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Counters of threads and trials that the first reports of version 3 did not have yet. */
const LATER_COUNTERS = [
  'voluntarySwitchesPerRequest',
  'involuntarySwitchesPerRequest',
  'minorFaults',
  'majorFaults',
  'handoffBatches',
  'messageBatches',
  'queueLockAcquisitions',
  'contendedQueueLockAcquisitions',
  'workingTurns',
  'idleTurns',
  'garbageCollections',
]
const THREAD = {
  name: 'port-0',
  cpu: 0,
  cpuSeconds: 1,
  runQueueWaitSeconds: null,
  voluntarySwitches: 3,
  involuntarySwitches: 4,
  minorFaults: 5,
  majorFaults: 6,
  heapBytes: 7,
}

const EXAMPLE = fileURLToPath(new URL('version-3.json', import.meta.url))

type Fields = Record<string, unknown>

/** The sample with a repeated trial and a reference arm, as an earlier crossover would have written it. */
function earlierReport(schemaVersion: number, mend: (trial: Fields) => void): Fields {
  const { comparisons: _, rounds, capacity, loads, run, ...rest } = sampleReport()
  const { plannedRounds, ...others } = run
  const { sustained: _sustained, sustainedRatios: _ratios, saturated, ...measured } = capacity!
  expect(rounds).toHaveLength(plannedRounds)
  const report = {
    ...rest,
    schemaVersion,
    run: { ...others, plannedPairs: plannedRounds },
    capacity: { ...measured, arms: saturated },
    loads: loads.map(({ sets, comparisons: [compared], ...load }) => ({
      ...load,
      pairs: sets.map(({ round, ...set }) => ({ ...set, index: round, discarded: [] })),
      comparison: compared!.ratios,
      verdict: compared!.verdict,
    })),
    reference: { trials: [sampleTrial('staged:layout=fused', 1, 80_000)] },
  }
  const plain = JSON.parse(JSON.stringify(report)) as Fields & {
    loads: { pairs: { discarded: unknown[] }[] }[]
  }
  plain.loads[0]!.pairs[0]!.discarded.push(structuredClone(repeatedTrial('staged', 1, ['halves'])))
  for (const trial of trialsIn(plain)) {
    delete trial['runtime']
    mend(trial)
  }
  return plain
}

function trialsIn(value: unknown): Fields[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(trialsIn)
  return 'histogram' in value && 'arm' in value ? [value as Fields, ...inner] : inner
}

function loaded(report: Fields): LoadedReport {
  const file = join(folder, 'report.json')
  writeFileSync(file, JSON.stringify(report))
  return loadReport(file)
}

function asFirstOfVersion3(trial: Fields): void {
  const counters = trial['counters'] as Fields
  for (const name of LATER_COUNTERS) delete counters[name]
  delete counters['declaredWaits']
  delete trial['backgroundShare']
  delete trial['attribution']
  trial['threads'] = [THREAD]
}

function asVersion2(trial: Fields): void {
  asFirstOfVersion3(trial)
  delete trial['client']
}

function expectNotRecorded(trial: Trial): void {
  expect(trial).toMatchObject({ attribution: null, client: null })
  for (const name of LATER_COUNTERS) expect(trial.counters).toHaveProperty(name, null)
  expect(trial.counters.handoffs).toBe(
    trial.arm === 'sharded' ? sharded().handoffs : staged().handoffs,
  )
  expect(trial.threads[0]).toMatchObject({ ...THREAD, wakeUps: null, idleTurns: null, parks: null })
}
const staged = () => sampleReport().loads[0]!.sets[0]!.trials['staged']!.counters
const sharded = () => sampleReport().loads[0]!.sets[0]!.trials['sharded']!.counters

test('version 2: what it did not record is null, and its transport was replay', () => {
  const earlier = earlierReport(2, asVersion2)
  delete earlier['bandNote']
  delete (earlier['run'] as Fields)['transport']
  const { report, schemaVersion } = loaded(earlier)
  expect(schemaVersion).toBe(2)
  expect(report.schemaVersion).toBe(4)
  expect(report.run.transport).toEqual({ kind: 'replay' })
  expect(report.bandNote).toBeNull()
  const { trials, discarded } = report.loads[0]!.sets[0]!
  for (const each of [trials, ...discarded.map((set) => set.trials)]) {
    for (const trial of Object.values(each)) expectNotRecorded(trial)
  }
})

test('the first reports of version 3: counters that came later are null', () => {
  const { report, schemaVersion } = loaded(earlierReport(3, asFirstOfVersion3))
  expect(schemaVersion).toBe(3)
  expectNotRecorded(report.loads[2]!.sets[5]!.trials['sharded']!)
})

test('before version 4: pairs become sets of two arms, their comparison the only one, the closed window is saturated', () => {
  const { report } = loaded(earlierReport(3, () => {}))
  const sample = sampleReport()
  expect(report).toMatchObject({
    comparisons: [{ first: 'staged', second: 'sharded' }],
    rounds: [],
    run: { plannedRounds: 6 },
    capacity: { sustained: {}, sustainedRatios: [null], saturated: sample.capacity!.saturated },
  })
  expect(report).not.toHaveProperty('reference')
  expect(report.loads[1]!.comparisons).toEqual(sample.loads[1]!.comparisons)
  const [set] = report.loads[0]!.sets
  expect(set).toMatchObject({ round: 0, order: ['staged', 'sharded'] })
  expect(set!.discarded).toMatchObject([
    { cause: 'halves', arm: 'staged', trials: { staged: { attempt: 1, runtime: null } } },
  ])
})

test('a report that version 3 wrote is loaded and shown', () => {
  const { report, schemaVersion } = loadReport(EXAMPLE)
  expect(schemaVersion).toBe(3)
  expect(report.environment).toMatchObject({ serverFlags: null, transparentHugePages: null })
  expect(report.loads[0]!.comparisons).toMatchObject([{ first: 'staged', second: 'sharded' }])
  const text = renderTerminal(report, { columns: 100, color: false })
  expect(text).toContain('saturated throughput')
  expect(text).not.toMatch(/sustain|Rounds|undefined|NaN/)
})

test('shares by another rule are left out, the make-up itself is kept', () => {
  const bands = { p50: { samples: 9, latencyNs: 30, partsNs: [10, 20] }, p99: null, p99_9: null }
  const attribution = {
    parts: ['queue wait: apply', 'service'],
    requestsPerSample: 32,
    samples: 90,
    dropped: 0,
    sumsWithinShare: 1,
    bands,
  }
  const earlier = earlierReport(3, (trial) => {
    trial['attribution'] = { ...attribution, slowestByCause: [0.75, 0.25] }
  })
  const { report } = loaded(earlier)
  expect(report.loads[0]!.sets[0]!.trials['staged']!.attribution).toEqual({
    ...attribution,
    slowestByCause: {},
  })
})

test('a report of the present version is read as it is', () => {
  const report = sampleReport()
  expect(loaded(JSON.parse(JSON.stringify(report)) as Fields)).toMatchObject({
    report,
    schemaVersion: 4,
  })
})

test('only what was not there is filled in: a wrong value is still refused', () => {
  const earlier = earlierReport(2, (trial) => {
    trial['client'] = 'none'
  })
  expect(() => loaded(earlier)).toThrow(
    /loads\[0\]\.sets\[0\]\.trials\.staged\.client: expected object, received string/,
  )
})

test('a figure that cannot be made up for is asked for', () => {
  const earlier = earlierReport(2, (trial) => {
    delete trial['maxNs']
  })
  expect(() => loaded(earlier)).toThrow(/staged\.maxNs: missing, expected number/)
})

test.each([[{}], [{ loads: 3 }], [{ loads: [null, 4, { pairs: [null] }], run: null }]])(
  'a report of version 2 that is something else altogether is refused: %j',
  (content) => {
    expect(() => loaded({ loads: [], ...content, schemaVersion: 2 })).toThrow(
      /report does not have the expected shape/,
    )
  },
)
