import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { liveBlock, type LiveMoment } from '../../../harness/render/live/block.ts'
import type { LiveOptions } from '../../../harness/render/live/line.ts'
import type { Estimate, Load, Report, Trial } from '../../../harness/results/schema.ts'
import { FIRST, objectiveReport, sampleReport, SECOND } from '../sample-report.ts'

const plain: LiveOptions = { columns: 79, rows: 22, color: false, unicode: true }

const moment: LiveMoment = {
  place: null,
  subject: 'kv-update: round 3/6, load 80% (3/3), measuring sharded',
  profile: 'profile default',
  fraction: 0.61,
  time: '61 %, 42 s left',
  load: '80%',
  arm: SECOND,
}

/** Two loads are done; at the third one, `pairs` pairs, the last of which lacks its second trial. */
function midway(pairs = 3): Report {
  const report = sampleReport()
  const [first, second, third] = report.loads as [Load, Load, Load]
  const begun = third.sets.slice(0, pairs)
  const last = begun.at(-1)
  if (last !== undefined) {
    const { [SECOND]: _, ...trials } = last.trials
    begun[pairs - 1] = { ...last, trials }
  }
  const ratio = { ...third.comparisons[0]!.ratios!.p99!, level: 0.5, n: pairs - 1 }
  const ratios = pairs < 2 ? null : { ...third.comparisons[0]!.ratios!, p99: ratio }
  const compared = { ...third.comparisons[0]!, ratios, verdict: null }
  return {
    ...report,
    loads: [first, second, { ...third, sets: begun, comparisons: [compared] }],
  }
}

const view = (report: Report, changes: Partial<LiveMoment> = {}, options = plain): string =>
  liveBlock(report, { ...moment, ...changes }, options).join('\n')

test('80 columns: what is measured, how far it is, and the running ratio of each load', () => {
  expect(`\n${view(midway())}\n`).toMatchInlineSnapshot(`
    "
    kv-update: round 3/6, load 80% (3/3), measuring sharded, profile default
    ████████████████████████░░░░░░░░░░░░░░░  61 %, 42 s left, 29 of 36 trials
      p99   staged  sharded  sharded ÷ staged                  0.1×             1×
      20%   649 µs  88.5 µs  0.14× (0.12–0.17)                 ·━━●━·············│
      50%   945 µs   115 µs  0.13× (0.11–0.14)                 ·━●━··············│
    ▸ 80%  2.75 ms   848 µs  0.32×, no interval yet, 2 pairs   ·········○········│
    "
  `)
})

test('other programs are told as of the latest trial, also of one that did not count', () => {
  const report = midway()
  const [third] = report.loads[2]!.sets.slice(-1)
  const busy = (trials: Record<string, Trial>): Record<string, Trial> =>
    Object.fromEntries(
      Object.entries(trials).map(([arm, trial]) => {
        const gates = [{ name: 'noise', passed: false, figure: '', message: '' }]
        return [arm, { ...trial, gates, startedAtSeconds: 9_000 }]
      }),
    )
  third!.discarded = [{ cause: 'noise', arm: FIRST, trials: busy(third!.trials) }]
  third!.trials = {}
  expect(view(report)).toMatch(/^█+░+ {2}61 %, 42 s left, \d+ of \d+ trials, machine busy$/m)
  const open = { ...report, run: { ...report.run, precision: 0.1 } }
  expect(view(open)).toMatch(/, \d+ trials, machine busy$/m)
})

test('60 columns have no room for the ruler', () => {
  expect(`\n${view(midway(), {}, { ...plain, columns: 59 })}\n`).toMatchInlineSnapshot(`
    "
    kv-update: round 3/6, load 80% (3/3), measuring sharded
    ███████████████░░░░░░░░░░  61 %, 42 s left, 29 of 36 trials
      p99   staged  sharded  sharded ÷ staged
      20%   649 µs  88.5 µs  0.14× (0.12–0.17)
      50%   945 µs   115 µs  0.13× (0.11–0.14)
    ▸ 80%  2.75 ms   848 µs  0.32×, no interval yet, 2 pairs
    "
  `)
})

test('where figures are long the ruler stays, and stands closer', () => {
  const report = midway()
  const loads = report.loads.map((load) => ({ ...load, label: `2${load.label.slice(0, -1)}000/s` }))
  for (const pair of loads[2]!.sets)
    pair.trials[FIRST]!.percentiles.p99 = { ns: 1.5e8, atLeast: true }
  const run = { ...report.run, plannedRounds: 3 }
  const text = view({ ...report, run, loads }, { load: loads[2]!.label })
  expect(`\n${text}\n`).toMatchInlineSnapshot(`
    "
    kv-update: round 3/6, load 80% (3/3), measuring sharded, profile default
    ████████████████████████░░░░░░░░░░░░░░░  61 %, 42 s left, 29 of 18 trials
      p99         staged   sharded  sharded ÷ staged             0.1×           1×
      220000/s    649 µs   88.5 µs  0.14× (0.12–0.17)            ·━●━━···········│
      250000/s    945 µs    115 µs  0.13× (0.11–0.14)            ·━●·············│
    ▸ 280000/s  > 150 ms    848 µs  0.32×, no interval, 2 pairs  ········○·······│
    "
  `)
})

test('120 columns have a wider ruler', () => {
  expect(`\n${view(midway(), {}, { ...plain, columns: 119 })}\n`).toMatchInlineSnapshot(`
    "
    kv-update: round 3/6, load 80% (3/3), measuring sharded, profile default
    ████████████████████████░░░░░░░░░░░░░░░░  61 %, 42 s left, 29 of 36 trials
      p99   staged  sharded  sharded ÷ staged                  0.1×                                   1×
      20%   649 µs  88.5 µs  0.14× (0.12–0.17)                 ···━━━●━━━······························│
      50%   945 µs   115 µs  0.13× (0.11–0.14)                 ··━━●━━·································│
    ▸ 80%  2.75 ms   848 µs  0.32×, no interval yet, 2 pairs   ····················○···················│
    "
  `)
})

test('in ASCII', () => {
  expect(`\n${view(midway(), {}, { ...plain, unicode: false })}\n`).toMatchInlineSnapshot(`
    "
    kv-update: round 3/6, load 80% (3/3), measuring sharded, profile default
    ########################...............  61 %, 42 s left, 29 of 36 trials
      p99   staged  sharded  sharded / staged                  0.1x             1x
      20%   649 us  88.5 us  0.14x (0.12-0.17)                 .==*=.............|
      50%   945 us   115 us  0.13x (0.11-0.14)                 .=*=..............|
    > 80%  2.75 ms   848 us  0.32x, no interval yet, 2 pairs   .........o........|
    "
  `)
})

test('one of several scenarios says which one it is', () => {
  const place =
    'scenario 3 of 35, so far 2 scenarios: 2 sound. Predictions: 1 confirmed, 1 undecided.'
  expect(view(midway(1), { place }).split('\n')[0]).toMatchInlineSnapshot(
    `"scenario 3 of 35, so far 2 scenarios: 2 sound. Predictions: 1 confirmed, 1 und…"`,
  )
})

test('a load without a pair has no figures yet', () => {
  expect(view(midway(0)).split('\n').at(-1)).toMatchInlineSnapshot(
    `"▸ 80%        –        –  –                                 ··················│"`,
  )
})

test('capacities are told until the first load', () => {
  const report = { ...sampleReport(), loads: [] }
  expect(`\n${view(report, { load: null })}\n`).toMatchInlineSnapshot(`
    "
    kv-update: round 3/6, load 80% (3/3), measuring sharded, profile default
    ████████████████████████░░░░░░░░░░░░░░░  61 %, 42 s left
      capacity of staged: 181k/s (176–188)
      capacity of sharded: 548k/s (531–561)
    "
  `)
  expect(liveBlock({ ...report, capacity: null }, { ...moment, load: null }, plain)).toHaveLength(2)
})

test('a search within an objective tells the bounds of each arm', () => {
  const changes = { load: null, arm: FIRST, subject: 'kv-update: search of p99 ≤ 1 ms' }
  expect(`\n${view(objectiveReport(), changes)}\n`).toMatchInlineSnapshot(`
    "
    kv-update: search of p99 ≤ 1 ms, profile default
    ████████████████████████░░░░░░░░░░░░░░░  61 %, 42 s left
      arm      trials  highest kept        lowest missed       100k/s       400k/s
    ▸ staged        2  100k/s (640 µs)     200k/s (> 48.0 ms)  ●━━━━━━━━━·········
      sharded       1  400k/s (870 µs)     –                   ··················○
    "
  `)
  const narrow = { ...plain, columns: 59 }
  expect(`\n${view(objectiveReport(), changes, narrow)}\n`).toMatchInlineSnapshot(`
    "
    kv-update: search of p99 ≤ 1 ms, profile default
    ██████████████████░░░░░░░░░░░  61 %, 42 s left
      arm      trials  highest kept        lowest missed
    ▸ staged        2  100k/s (640 µs)     200k/s (> 48.0 ms)
      sharded       1  400k/s (870 µs)     –
    "
  `)
})

test('a load with another metric than the run’s names it', () => {
  const report = midway()
  const [load] = report.loads
  const compared = { ...load!.comparisons[0]!, verdict: null }
  const max: Load = { ...load!, label: 'max', offeredPerSecond: null, comparisons: [compared] }
  expect(view({ ...report, loads: [max] }, { load: 'max' })).toMatch(
    /^▸ max, throughput +800\/s +800\/s +1\.00×/m,
  )
})

test('a load whose latencies fall on requests without an answer has no ratio, and says so', () => {
  const report = midway()
  const load = report.loads[2]!
  load.comparisons[0]!.ratios = null
  load.sets[0]!.trials[SECOND]!.percentiles.p99.atLeast = true
  expect(view(report)).toContain('  no ratio: requests unanswered  ')
})

test('a run with fewer pairs than an interval needs does not promise one', () => {
  const report = midway()
  report.run = { ...report.run, plannedRounds: 3 }
  expect(view(report)).toContain('×, no interval, 2 pairs')
})

test('long labels are called first and second', () => {
  const text = JSON.stringify(midway())
    .replaceAll('"staged"', '"staged:layout=classic,batch=8"')
    .replaceAll('"sharded"', '"staged:layout=classic,batch=9"')
  const report = JSON.parse(text) as Report
  expect(view(report)).toMatch(/^ {2}p99 +first +second {2}second ÷ first /m)
  report.arms[1]!.label = 'sharded'
  report.comparisons[0]!.second = 'sharded'
  expect(view(report)).toMatch(/^ {2}p99 +first +sharded {2}sharded ÷ first /m)
})

test('of many loads the last ones are shown, and that some are not', () => {
  const report = midway()
  const loads = Array.from({ length: 12 }, (_, index) => ({
    ...report.loads[2]!,
    label: `${index + 1}%`,
  }))
  const lines = liveBlock({ ...report, loads }, { ...moment, load: '12%' }, { ...plain, rows: 8 })
  expect(lines.map((line) => line.trim().split(/ {2}/)[0])).toEqual([
    `${moment.subject}, ${moment.profile}`,
    expect.stringContaining('█'),
    'p99',
    '8 more before',
    '9%',
    '10%',
    '11%',
    '▸ 12%',
  ])
})

test('colours change nothing but colours', () => {
  const colored = view(midway(), {}, { ...plain, color: true })
  expect(colored).toContain('\u001B[')
  expect(stripVTControlCharacters(colored)).toBe(view(midway()))
})

const figure = fc.oneof(
  fc.double({ min: 1e-9, max: 1e12 }),
  fc.constantFrom(0, 1, Number.NaN, Number.POSITIVE_INFINITY),
)
const estimate: fc.Arbitrary<Estimate> = fc.record({
  value: figure,
  lower: figure,
  upper: figure,
  level: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  n: fc.nat(64),
  unit: fc.constant('×'),
})
const label = fc.string({ unit: 'grapheme', maxLength: 30 })
/** As all of them begin: `toString` is no label. */
const armLabel = label.map((rest) => `staged:${rest}`)

test('no line is longer than the terminal is wide, whatever it is told, and there are not more than it has', () => {
  const base = midway()
  fc.assert(
    fc.property(
      fc.array(fc.record({ label, ratio: fc.option(estimate), ns: figure }), { maxLength: 20 }),
      fc.record({
        place: fc.option(label),
        subject: fc.string({ unit: 'binary', maxLength: 200 }),
        profile: label,
        fraction: fc.double(),
        time: label,
        load: fc.option(label),
        arm: fc.option(label),
      }),
      fc.tuple(armLabel, armLabel),
      fc.record({
        columns: fc.integer({ min: 59, max: 200 }),
        rows: fc.integer({ min: 8, max: 40 }),
        color: fc.boolean(),
        unicode: fc.boolean(),
      }),
      (drawn, told, armLabels, options) => {
        const arms = base.arms.map((arm, index) => ({ ...arm, label: armLabels[index]! }))
        const comparisons = [{ first: armLabels[0], second: armLabels[1] }]
        const [first] = base.loads as [Load]
        const loads = drawn.map(({ label: name, ratio, ns }) => ({
          ...first,
          label: name,
          comparisons: [
            {
              ...comparisons[0]!,
              ratios: { ...first.comparisons[0]!.ratios!, p99: ratio },
              verdict: null,
              sure: [],
              orderEffect: null,
            },
          ],
          sets: first.sets.map((set) => {
            const trial = set.trials[FIRST]!
            const percentiles = { ...trial.percentiles, p99: { ns, atLeast: true } }
            return { ...set, trials: { [armLabels[0]]: { ...trial, percentiles } } }
          }),
        }))
        const lines = liveBlock({ ...base, arms, comparisons, loads }, told, options)
        const texts = options.color ? lines.map(stripVTControlCharacters) : lines
        expect(Math.max(...texts.map((line) => line.length))).toBeLessThanOrEqual(options.columns)
        expect(lines.length).toBeLessThanOrEqual(options.rows)
        // Each character is one column wide: no sequence, no wide sign, no half of a pair.
        for (const text of texts)
          expect(text).toMatch(options.unicode ? /^[^\p{C}\p{M}\p{Script=Han}]*$/u : /^[ -~]*$/)
      },
    ),
  )
})
