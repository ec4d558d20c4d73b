import { expect, test } from 'vitest'
import { createProgress } from '../../harness/cli/progress.ts'
import type { RunEvent } from '../../harness/experiment/run-request.ts'
import type { Report } from '../../harness/results/schema.ts'
import { FIRST, SECOND, sampleReport, sampleTrial } from '../render/sample-report.ts'

const ERASE_LINE = '\r\u001B[2K'

const firstTrial = sampleTrial(FIRST, 1, 2_000_000)
const secondTrial = sampleTrial(SECOND, 2, 1_000_000)

/** A report whose first load has these pairs. */
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
  }))
  return {
    ...report,
    run: { ...report.run, elapsedSeconds: 30 },
    loads: [{ ...load, label: '50%', pairs: whole }],
  }
}

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
    reportWith({ [FIRST]: firstTrial, [SECOND]: secondTrial }),
    0.5,
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

test('pairs of opposite ratios average to one', () => {
  const report = reportWith(
    { [FIRST]: firstTrial, [SECOND]: secondTrial },
    { [FIRST]: { ...secondTrial, arm: FIRST }, [SECOND]: { ...firstTrial, arm: SECOND } },
  )
  let text = ''
  createProgress({ write: (part) => void (text += part) }, 90).onEvent(
    { kind: 'trial-ended', load: '50%', pair: 2, of: 6, trial: secondTrial },
    report,
    0.5,
  )
  expect(text).toContain('ratio 1.00×')
})
