import { describe, expect, test } from 'vitest'
import {
  createAblationProgress,
  createFindProgress,
  createSweepProgress,
  createValidationProgress,
} from '../../../harness/cli/progress/points.ts'
import type { ProgressSink } from '../../../harness/cli/progress/terminal.ts'
import type { AblationEvent } from '../../../harness/experiment/ablate/plan.ts'
import type { FindEvent } from '../../../harness/experiment/find/plan.ts'
import type { SweepEvent } from '../../../harness/experiment/sweep/plan.ts'
import type { ValidationEvent } from '../../../harness/experiment/validate/state.ts'
import type { CrossingSearch } from '../../../harness/results/find.ts'
import type { Sweep } from '../../../harness/results/sweep.ts'
import { sampleAblation } from '../../render/sample-ablation.ts'
import { sampleCrossing, troubledSearch } from '../../render/sample-crossing.ts'
import { sampleSweep } from '../../render/sample-sweep.ts'

/** What a progress writes that is told of something and then ended. */
function written(isTTY: boolean, tell: (sink: ProgressSink) => { end(): void }): string {
  let text = ''
  tell({ isTTY, columns: 200, write: (part: string) => void (text += part) }).end()
  return text
}

/** Tells a progress of each event, 90 s before the end. */
function telling<Event, Result>(
  create: (sink: ProgressSink) => {
    onEvent(event: Event, result: Result, advance: { fraction: number; secondsLeft: number }): void
    end(): void
  },
  events: readonly Event[],
  result: Result,
  secondsLeft = 90,
) {
  return (sink: ProgressSink) => {
    const progress = create(sink)
    for (const event of events) progress.onEvent(event, result, { fraction: 0.25, secondsLeft })
    return progress
  }
}

const sweep = sampleSweep()
function sweepProgress(result: Sweep = sweep, secondsLeft?: number) {
  const [trial] = sweep.values[3]!.pairs[1]!.trials
  const place = {
    part: 'load',
    round: 2,
    of: 6,
    value: 0.6,
    arm: 'sharded',
    doing: 'measuring',
  } as const
  const events: readonly SweepEvent[] = [
    { ...place, trial: null },
    { ...place, trial: trial! },
    { ...place, part: 'closed', round: 1, of: 3, value: 0.99, arm: 'staged', trial: trial! },
    { ...place, part: null, arm: null, trial: null, doing: 'starting servers' },
  ]
  return telling(createSweepProgress, events, result, secondsLeft)
}

function searchProgress(result: CrossingSearch = sampleCrossing()) {
  const trial = sampleCrossing().values[2]!.pairs[0]!.trials[1]!
  const place = { part: 'load', pair: 14, value: 0.6, arm: 'sharded', doing: 'measuring' } as const
  const events: readonly FindEvent[] = [
    { ...place, trial: null },
    { ...place, trial },
    { ...place, part: 'closed', trial },
    { ...place, part: null, trial: null, doing: 'warming up' },
  ]
  return telling(createFindProgress, events, result)
}

function ablationProgress() {
  const ablation = sampleAblation()
  const trial = ablation.measured.latency.rounds[0]!.trials.find(({ arm }) => arm === 2)!
  const place = {
    part: 'latency',
    group: 'rounds',
    round: 2,
    of: 6,
    arm: 2,
    doing: 'measuring',
  } as const
  const events: readonly AblationEvent[] = [
    { ...place, trial: null },
    { ...place, trial },
    { ...place, part: 'capacity', group: 'ends', round: 1, of: 3, trial },
    { ...place, part: null, arm: null, trial: null, doing: 'starting servers' },
  ]
  return telling(createAblationProgress, events, ablation)
}

function validationProgress() {
  const place = { part: 'omission', what: 'sharded, frozen for 200 ms' } as const
  const row = {
    part: 'omission',
    subject: 'sharded',
    figure: 'p99',
    measured: 152_000_000,
    expected: 150_000_000,
    unit: 'ns',
    difference: 0.0133,
    limit: 0.05,
    passed: true,
    note: '',
  } as const
  const events: readonly ValidationEvent[] = [
    { kind: 'started', ...place },
    { kind: 'row', row },
  ]
  return (sink: ProgressSink) => {
    const progress = createValidationProgress(sink)
    for (const [index, event] of events.entries()) progress.onEvent(event, 0.456 + index / 10)
    return progress
  }
}

const KINDS = [
  {
    kind: 'sweep',
    tell: sweepProgress(),
    lines:
      /^90 s left, round 2\/6, latency at theta 0\.6: sharded p99 \d+ µs, ratio 0\.68× \(0\.63–0\.70\)\n90 s left, round 1\/3, throughput at theta 0\.99: staged 136k\/s\n$/,
    begins: ['theta 0.6: sharded measuring', 'round 2/6, starting servers at theta 0.6'],
    kept: 0,
  },
  {
    kind: 'search',
    tell: searchProgress(),
    lines:
      /^at most 90 s left, theta = 0\.86 \(0\.80–0\.93\), pair 14 at theta 0\.6: sharded 3\d\d µs\nat most 90 s left, theta = .*, pair 14 at theta 0\.6: sharded 30\.0k\/s\n$/,
    begins: [
      'pair 14 at theta 0.6: sharded measuring',
      'pair 14, warming up at theta 0.6 of sharded',
    ],
    kept: 0,
  },
  {
    kind: 'ablation',
    tell: ablationProgress(),
    lines:
      /^90 s left, p99 at 50%, round 2\/6, chain: arm 3\/10 2\.\d\d ms, last ÷ first 0\.0043× \(.*\)\n90 s left, throughput, round 1\/3, ends alone: arm 3\/10 .*\/s, last ÷ first 52\.3× \(.*\)\n$/,
    begins: ['arm 3/10 measuring', 'round 2/6, starting servers'],
    kept: 0,
  },
  {
    kind: 'validation',
    tell: validationProgress(),
    lines: /^sharded: p99 152 ms, .*passed\n$/,
    begins: ['45 % done, omission: sharded, frozen for 200 ms'],
    kept: 1,
  },
]

describe.each(KINDS)('$kind', ({ tell, lines, begins, kept }) => {
  test('a file gets a line per finished trial or row, with the figures so far', () => {
    expect(written(false, tell)).toMatch(lines)
  })

  test('a terminal also hears of beginnings, in a line that leaves no trace', () => {
    const text = written(true, tell)
    for (const beginning of begins) expect(text).toContain(beginning)
    expect(text.match(/\n/g) ?? []).toHaveLength(kept)
    expect(text.endsWith('\r\u001B[2K')).toBe(true)
  })
})

test('where a load varies servers are started at no value', () => {
  const over = { subject: 'load', name: 'load', unit: '%', integer: false } as const
  expect(written(true, sweepProgress({ ...sweep, over }))).toMatch(/round 2\/6, starting servers\s/)
})

test('while trials remain something is left', () => {
  expect(written(false, sweepProgress(sweep, 0.1))).toMatch(/^1 s left/)
})

test('what is known of a crossing before two values were measured is nothing', () => {
  expect(written(false, searchProgress({ ...troubledSearch(), crossing: null }))).toContain(
    'nothing known yet, pair 14',
  )
})
