import { expect, test } from 'vitest'
import { createProgress } from '../../harness/cli/progress.ts'
import type { RunEvent } from '../../harness/experiment/run-request.ts'
import type { ComparisonName, Estimate, Report } from '../../harness/results/schema.ts'
import { FIRST, SECOND, sampleReport, sampleTrial } from '../render/sample-report.ts'

const ERASE_LINE = '\r\u001B[2K'

const firstTrial = sampleTrial(FIRST, 1, 2_000_000)
const secondTrial = sampleTrial(SECOND, 2, 1_000_000)

/** A report whose first load has these pairs, no comparison yet, and no objective. */
function reportWith(...pairs: Record<string, typeof firstTrial>[]): Report {
  const report = sampleReport()
  const [load] = report.loads
  if (load === undefined) throw new Error('the sample has no load')
  const whole = pairs.map((trials, index) => ({
    index,
    seed: 1,
    traceHash: {},
    order: [FIRST, SECOND],
    trials,
    discarded: [],
  }))
  return {
    ...report,
    run: { ...report.run, elapsedSeconds: 30 },
    objective: null,
    loads: [{ ...load, label: '50%', pairs: whole, comparison: null }],
  }
}

/** The report after its run has compared the pairs on one metric. */
function compared(report: Report, name: ComparisonName, ratio: Partial<Estimate>): Report {
  const estimate = { value: 0.25, lower: 0.2, upper: 0.31, level: 0.75, n: 3, unit: '×', ...ratio }
  const empty = {
    p50: null,
    p90: null,
    p99: null,
    p99_9: null,
    max: null,
    achievedPerSecond: null,
    cpuPerRequest: null,
  }
  const loads = report.loads.map((load) => ({
    ...load,
    comparison: { ...empty, [name]: estimate },
  }))
  return { ...report, loads }
}

/** What a file gets to read of one finished trial. */
function lineAfter(report: Report, load = '50%'): string {
  let text = ''
  createProgress({ write: (part) => void (text += part) }, 90).onEvent(
    { kind: 'trial-ended', load, pair: 3, of: 6, trial: secondTrial },
    report,
    0.5,
  )
  return text
}

const bothTrials = reportWith({ [FIRST]: firstTrial, [SECOND]: secondTrial })

const EVENTS: readonly (readonly [RunEvent, Report, number])[] = [
  [{ kind: 'capacity', arm: FIRST, trial: 1, of: 3, perSecond: null }, reportWith(), 0],
  [{ kind: 'capacity', arm: FIRST, trial: 1, of: 3, perSecond: 212_345 }, reportWith(), 0.02],
  [{ kind: 'trial-started', load: '50%', pair: 1, of: 6, arm: FIRST }, reportWith(), 0.25],
  [
    { kind: 'trial-ended', load: '50%', pair: 1, of: 6, trial: firstTrial },
    reportWith({ [FIRST]: firstTrial }),
    0.3,
  ],
  [
    { kind: 'trial-ended', load: '50%', pair: 1, of: 6, trial: secondTrial },
    compared(bothTrials, 'p99', { level: null, n: 1 }),
    0.5,
  ],
  [
    { kind: 'repeated', load: '50%', pair: 2, arm: FIRST, gate: 'noisy machine', attempt: 2 },
    reportWith(),
    0.6,
  ],
  [
    { kind: 'probe', arm: FIRST, offeredPerSecond: 212_345, latency: null, kept: null },
    reportWith(),
    0.7,
  ],
  [
    {
      kind: 'probe',
      arm: FIRST,
      offeredPerSecond: 212_345,
      latency: { ns: 850_000, atLeast: false },
      kept: true,
    },
    reportWith(),
    0.7,
  ],
  [{ kind: 'verdict', load: '50%', sentence: 'At 50% load sharded is faster.' }, reportWith(), 0.9],
  [{ kind: 'reference', arm: 'staged:layout=fused' }, reportWith(), 0.95],
]

function written(isTTY: boolean, columns?: number): string {
  let text = ''
  const sink = {
    isTTY,
    ...(columns === undefined ? {} : { columns }),
    write: (part: string) => void (text += part),
  }
  const progress = createProgress(sink, 90)
  for (const [event, report, doneFraction] of EVENTS) progress.onEvent(event, report, doneFraction)
  progress.end()
  return text
}

test('a file gets a plain line per finished trial', () => {
  expect(written(false)).toMatchInlineSnapshot(`
    "88 s left, capacity of staged 1/3: 212k/s
    70 s left, 50% pair 1/6, p99 staged 12.5 ms, staged done
    30 s left, 50% pair 1/6, p99 staged 12.5 ms, sharded 3.10 ms, ratio 0.25×, sharded done
    20 s left, 50% pair 2, staged again (attempt 2): noisy machine
    13 s left, staged at 212k/s: latency 850 µs, objective kept
    At 50% load sharded is faster.
    2 s left, beside them: staged:layout=fused
    "
  `)
})

test('a terminal gets one line that is rewritten, and verdicts that stay', () => {
  const text = written(true, 200)
  expect(text.startsWith(ERASE_LINE)).toBe(true)
  expect(text.endsWith(ERASE_LINE)).toBe(true)
  expect(text.match(/\n/g)).toHaveLength(1)
  expect(text).toContain(`${ERASE_LINE}At 50% load sharded is faster.\n`)
  expect(text).toContain(`${ERASE_LINE}90 s left, 50% pair 1/6, measuring staged`)
})

test('the terminal’s line never wraps', () => {
  const lines = written(true, 40).replaceAll('\n', ERASE_LINE).split(ERASE_LINE)
  expect(lines.filter((line) => line.length >= 40)).toEqual([])
})

test('the ratio has its interval as soon as there are pairs enough for the level', () => {
  const few = compared(bothTrials, 'p99', { level: 0.75 })
  expect(lineAfter(few)).toContain(', ratio 0.25×, ')
  const enough = compared(bothTrials, 'p99', { level: 0.96875 })
  expect(lineAfter(enough)).toContain(', ratio 0.25× (0.20–0.31), ')
})

test.each([
  ['p99_9', /, p99\.9 staged [\d.]+ ms, sharded [\d.]+ ms, ratio 0\.25×/],
  ['achievedPerSecond', /, throughput staged [\d.]+k\/s, sharded [\d.]+k\/s, ratio 0\.25×/],
  ['cpuPerRequest', /, cpu staged 8\.40 µs, sharded 3\.10 µs, ratio 0\.25×/],
] satisfies [ComparisonName, RegExp][])(
  'progress is told by the run’s metric: %s',
  (metric, line) => {
    const report = compared(bothTrials, metric, {})
    expect(lineAfter({ ...report, run: { ...report.run, metric } })).toMatch(line)
  },
)

test('at max it is told by throughput when the metric is a latency', () => {
  const report = compared(bothTrials, 'achievedPerSecond', {})
  const loads = report.loads.map((load) => ({ ...load, label: 'max' }))
  expect(lineAfter({ ...report, loads }, 'max')).toContain(', throughput staged ')
})

test('a missed objective is told by its percentile', () => {
  const objective = {
    percentile: 'p99_9' as const,
    limitNs: 500_000,
    arms: {},
    ratio: null,
    sentence: '',
    probes: [],
  }
  let text = ''
  createProgress({ write: (part) => void (text += part) }, 90).onEvent(
    {
      kind: 'probe',
      arm: SECOND,
      offeredPerSecond: 1_000,
      latency: { ns: 1_000_000_000, atLeast: true },
      kept: false,
    },
    { ...reportWith(), objective },
    0.5,
  )
  expect(text).toBe('30 s left, sharded at 1.00k/s: p99.9 > 1.00 s, objective missed\n')
})
