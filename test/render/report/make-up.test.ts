import { expect, test } from 'vitest'
import { makeUpData, makeUpDescription } from '../../../harness/render/report/make-up.ts'
import { REPORT_STYLE } from '../../../harness/render/page/style.ts'
import { PART_KINDS } from '../../../harness/render/report/attribution-rows.ts'
import { pairReport } from '../../../harness/results/compared-pair.ts'
import { detailedReport } from '../detailed-report.ts'

const report = pairReport(detailedReport())
const data = makeUpData(report, report.loads[0]!, 'id')!

test('a bar per percentile and arm, whose parts add up to the whole', () => {
  expect(data.bars.map(({ band, label }) => `${band} ${label}`)).toEqual([
    'median staged',
    'median sharded',
    'p99 staged',
    'p99 sharded',
    'p99.9 staged',
    'p99.9 sharded',
  ])
  for (const bar of data.bars.keys()) {
    expect(data.parts.reduce((sum, { shares }) => sum + shares[bar]![0], 0)).toBeCloseTo(1, 3)
  }
})

test('waits of one kind are one part, and each arm has only its own', () => {
  const queues = data.parts.find(({ label }) => label === 'queue wait')!
  // Two of seven parts: 6/28 and 5/28.
  expect(queues.shares.map(([share]) => share)).toEqual([0.3929, 0, 0.3929, 0, 0.3929, 0])
})

test('every kind of part has a colour by day', () => {
  for (const kind of PART_KINDS.keys())
    expect(REPORT_STYLE).toMatch(new RegExp(`--part-${kind}: #`))
})

test('the words name the largest parts', () => {
  expect(makeUpDescription(data)).toMatch(
    /^What latency is made of\. median of staged, [\d.]+ µs: queue wait 39\.3%, ingress wait 25%, lock wait /,
  )
})
