import { expect, test } from 'vitest'
import type { TerminalEnvironment } from '../../../harness/cli/progress/terminal.ts'
import { createProgress } from '../../../harness/cli/progress/run.ts'
import type { RunEvent } from '../../../harness/experiment/run/request.ts'
import type { ComparisonName, Estimate, Report } from '../../../harness/results/schema.ts'
import { FIRST, SECOND, sampleReport, sampleTrial } from '../../render/sample-report.ts'
import { TerminalScreen } from './terminal-screen.ts'

const ESCAPE = '\u001B'
const ERASE_LINE = `\r${ESCAPE}[2K`

const alone = null
const xterm = { TERM: 'xterm-256color', LANG: 'C.UTF-8' }

/** Of a run of 90 seconds. */
const advance = (fraction: number) => ({ fraction, secondsLeft: 90 * (1 - fraction) })

const firstTrial = sampleTrial(FIRST, 1, 2_000_000)
const secondTrial = sampleTrial(SECOND, 2, 1_000_000)

/** A report whose first load has the trials of these sets, no comparison yet, and no objective. */
function reportWith(...pairs: Record<string, typeof firstTrial>[]): Report {
  const report = sampleReport()
  const [load] = report.loads
  if (load === undefined) throw new Error('the sample has no load')
  const whole = pairs.map((trials, index) => ({
    round: index,
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
    loads: [{ ...load, label: '50%', sets: whole, comparisons: [] }],
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
    goodputPerSecond: null,
    cpuPerRequest: null,
  }
  const loads = report.loads.map((load) => ({
    ...load,
    comparisons: [
      {
        first: FIRST,
        second: SECOND,
        ratios: { ...empty, [name]: estimate },
        verdict: null,
        sure: [],
        orderEffect: null,
      },
    ],
  }))
  return { ...report, loads }
}

/** What a file gets to read of one finished trial. */
function lineAfter(report: Report, load = '50%'): string {
  let text = ''
  createProgress({ write: (part) => void (text += part) }, alone, xterm).onEvent(
    { kind: 'trial-ended', load, round: 3, of: 6, trial: secondTrial },
    report,
    advance(0.5),
  )
  return text
}

const bothTrials = reportWith({ [FIRST]: firstTrial, [SECOND]: secondTrial })

const EVENTS: readonly (readonly [RunEvent, Report, number])[] = [
  [{ kind: 'round', round: 1, of: 6, doing: 'starting servers', arm: null }, reportWith(), 0],
  [{ kind: 'round', round: 1, of: 6, doing: 'warming up', arm: FIRST }, reportWith(), 0.01],
  [{ kind: 'capacity', arm: FIRST, round: 1, of: 6, perSecond: null }, reportWith(), 0],
  [{ kind: 'capacity', arm: FIRST, round: 1, of: 6, perSecond: 212_345 }, reportWith(), 0.02],
  [
    { kind: 'trial-started', load: '50%', round: 1, of: 6, arm: FIRST, attempt: 1, cause: null },
    reportWith(),
    0.25,
  ],
  [
    { kind: 'trial-ended', load: '50%', round: 1, of: 6, trial: firstTrial },
    reportWith({ [FIRST]: firstTrial }),
    0.3,
  ],
  [
    { kind: 'trial-ended', load: '50%', round: 1, of: 6, trial: secondTrial },
    compared(bothTrials, 'p99', { level: null, n: 1 }),
    0.5,
  ],
  [
    { kind: 'repeated', load: '50%', round: 2, arm: FIRST, gate: 'noise', attempt: 2 },
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
]

function written(
  isTTY: boolean,
  columns?: number,
  environment: TerminalEnvironment = xterm,
): string {
  let text = ''
  const sink = {
    isTTY,
    ...(columns === undefined ? {} : { columns }),
    write: (part: string) => void (text += part),
  }
  const progress = createProgress(sink, alone, environment)
  for (const [event, report, fraction] of EVENTS) progress.onEvent(event, report, advance(fraction))
  progress.end()
  return text
}

test('a file gets a plain line per finished trial', () => {
  expect(written(false)).toMatchInlineSnapshot(`
    "90 s left, round 1/6, starting servers
    88 s left, round 1/6, capacity of staged: 212k/s
    63 s left, 50% round 1/6, p99 staged 12.5 ms, staged done
    45 s left, 50% round 1/6, p99 staged 12.5 ms, sharded 3.10 ms, ratio 0.25×, sharded done
    36 s left, 50% round 2, repeating: noise of staged (attempt 2)
    27 s left, staged at 212k/s: latency 850 µs, objective kept
    At 50% load sharded is faster.
    "
  `)
})

test('a terminal that is too small for a block gets one line that is rewritten, and verdicts that stay', () => {
  const text = written(true, 200)
  expect(text.startsWith(ERASE_LINE)).toBe(true)
  expect(text.endsWith(ERASE_LINE)).toBe(true)
  expect(text.match(/\n/g)).toHaveLength(1)
  expect(text).toContain(`${ERASE_LINE}At 50% load sharded is faster.\n`)
  expect(text).toContain(`${ERASE_LINE}68 s left, 50% round 1/6, measuring staged`)
})

test.each([{ TERM: 'dumb' }, { ...xterm, CI: 'true' }])(
  'a terminal that is not to be rewritten gets what a file gets: %o',
  (environment) => {
    expect(written(true, 200, environment)).toBe(written(false))
  },
)

/** A screen on which the events were told, one after the other; `look` sees it after each. */
function shown(screen: TerminalScreen, look: (event: RunEvent) => void = () => {}): TerminalScreen {
  const progress = createProgress(screen, alone, xterm)
  screen.write('the plan\n')
  for (const [event, report, fraction] of EVENTS) {
    progress.onEvent(event, report, advance(fraction))
    look(event)
  }
  progress.end()
  return screen
}

test('a terminal gets a block that is drawn anew, above it what stays, and nothing of it in the end', () => {
  const screen = new TerminalScreen(80)
  const seen: string[] = []
  shown(screen, ({ kind }) => seen.push(`-- ${kind}`, ...screen.lines))
  expect(`\n${seen.join('\n')}\n`).toMatchInlineSnapshot(`
    "
    -- round
    the plan
    kv-update: round 1/6, starting servers, profile default
    ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  0 %, 90 s left
      capacity of staged: 181k/s (176–188)
      capacity of sharded: 548k/s (531–561)
    -- round
    the plan
    kv-update: round 1/6, warming up: staged, profile default
    ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  1 %, 89 s left
      capacity of staged: 181k/s (176–188)
      capacity of sharded: 548k/s (531–561)
    -- capacity
    the plan
    kv-update: round 1/6, capacity of staged: measuring, profile default
    ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  0 %, 90 s left
      capacity of staged: 181k/s (176–188)
      capacity of sharded: 548k/s (531–561)
    -- capacity
    the plan
    kv-update: round 1/6, capacity of staged: 212k/s, profile default
    █░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  2 %, 88 s left
      capacity of staged: 181k/s (176–188)
      capacity of sharded: 548k/s (531–561)
    -- trial-started
    the plan
    kv-update: round 1/6, load 50% (1/1), measuring staged, profile default
    ██████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  25 %, 68 s left
      capacity of staged: 181k/s (176–188)
      capacity of sharded: 548k/s (531–561)
    -- trial-ended
    the plan
    kv-update: round 1/6, load 50% (1/1), staged done, profile default
    ████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░  30 %, 63 s left, 1 of 12 trials
      p99   staged  sharded  sharded ÷ staged                  0.8×     1×   1.25×
    ▸ 50%  12.5 ms        –  –                                 ·········│·········
    -- trial-ended
    the plan
    kv-update: round 1/6, load 50% (1/1), sharded done, profile default
    ████████████████████░░░░░░░░░░░░░░░░░░░  50 %, 45 s left, 2 of 12 trials
      p99   staged  sharded  sharded ÷ staged                  0.2×             1×
    ▸ 50%  12.5 ms  3.10 ms  0.25×, no interval yet, 1 pair    ··○···············│
    -- repeated
    the plan
    kv-update: round 2, load 50% (1/1), repeating: noise of staged (attempt 2)
    ███████████████████████░░░░░░░░░░░░░░░░  60 %, 36 s left
      capacity of staged: 181k/s (176–188)
      capacity of sharded: 548k/s (531–561)
    -- probe
    the plan
    kv-update: search, staged at 212k/s, measuring, profile default
    ███████████████████████████░░░░░░░░░░░░  70 %, 27 s left
      capacity of staged: 181k/s (176–188)
      capacity of sharded: 548k/s (531–561)
    -- probe
    the plan
    kv-update: search, staged at 212k/s, 850 µs, kept, profile default
    ███████████████████████████░░░░░░░░░░░░  70 %, 27 s left
      capacity of staged: 181k/s (176–188)
      capacity of sharded: 548k/s (531–561)
    -- verdict
    the plan
    At 50% load sharded is faster.
    kv-update: search, staged at 212k/s, 850 µs, kept, profile default
    ███████████████████████████░░░░░░░░░░░░  70 %, 27 s left
      capacity of staged: 181k/s (176–188)
      capacity of sharded: 548k/s (531–561)
    "
  `)
  expect(screen.lines).toEqual(['the plan', 'At 50% load sharded is faster.'])
  expect(screen.isCursorVisible).toBe(true)
})

test('without colours a block has no sequences but those that draw it anew', () => {
  const screen = shown(new TerminalScreen(80))
  expect(screen.written).toContain('\u001B[')
  expect(screen.written).not.toMatch(new RegExp(`${ESCAPE}\\[[\\d;]*m`))
})

test('a terminal that becomes too small goes on with a line, and back', () => {
  const screen = new TerminalScreen(80)
  const heights: number[] = []
  shown(screen, ({ kind }) => {
    heights.push(screen.lines.length)
    if (kind === 'trial-started') screen.resize(50)
    if (kind === 'repeated') screen.resize(80)
  })
  expect(heights).toEqual([5, 5, 5, 5, 5, 2, 2, 2, 5, 5, 6])
  expect(screen.lines).toEqual(['the plan', 'At 50% load sharded is faster.'])
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
  const loads = report.loads.map((load) => ({
    ...load,
    label: 'max',
    offeredPerSecond: null,
  }))
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
  createProgress({ write: (part) => void (text += part) }, alone, xterm).onEvent(
    {
      kind: 'probe',
      arm: SECOND,
      offeredPerSecond: 1_000,
      latency: { ns: 1_000_000_000, atLeast: true },
      kept: false,
    },
    { ...reportWith(), objective },
    advance(0.5),
  )
  expect(text).toBe('45 s left, sharded at 1.00k/s: p99.9 > 1.00 s, objective missed\n')
})
