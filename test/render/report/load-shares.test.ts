import { expect, test } from 'vitest'
import { loadName, loadSharesText } from '../../../harness/render/report/pair-figures.ts'
import { sampleReport } from '../sample-report.ts'
import { renderHtml, renderTerminal } from '../../../harness/render/report/render.ts'
import { shareDoubts } from '../../../harness/render/report/findings.ts'

const plainText = { color: false, columns: 80 }
const [load] = sampleReport().loads

test.each([
  [{}, null],
  [{ hottestShardShare: 0.5182 }, 'hottest shard: 51.8% of requests'],
  [{ busiestPortShare: 0.9 }, 'busiest port: 90% of requests'],
  [
    { hottestShardShare: 0.5, busiestPortShare: 1 },
    'hottest shard: 50% of requests · busiest port: 100% of requests',
  ],
])('a load with %j says: %s', (shares, text) => {
  expect(loadSharesText({ ...load!, ...shares })).toBe(text)
})

test('terminal and page show it below the load’s numbers and its verdict', () => {
  const report = sampleReport()
  const text = 'hottest shard: 51.8% of requests'
  expect(renderTerminal(report, plainText)).not.toContain(text)
  report.loads[0]!.hottestShardShare = 0.518
  expect(renderTerminal(report, plainText)).toContain(text)
  expect(renderHtml(report)).toContain(text)
})

test('a load in percent is named with what it comes to', () => {
  expect(loadName({ label: '50%', offeredPerSecond: 131_000 })).toBe('50% (131k/s)')
  expect(loadName({ label: '1.5k/s', offeredPerSecond: 1_500 })).toBe('1.5k/s')
  expect(loadName({ label: 'max', offeredPerSecond: null })).toBe('max')
})

test.each([
  ['50%', 0.41, 'in fact 41% of what the slowest arm sustains, by all rounds'],
  ['80%', 0.95, 'in fact 95% of what the slowest arm sustains, by all rounds'],
  ['50%', 0.44, null],
  ['50%', 0.57, null],
  ['50%', null, null],
  ['1500/s', 0.1, null],
])('a load of %s that was %s of the capacity is a doubt: %s', (label, fractionOfCapacity, what) => {
  expect(shareDoubts([{ label, fractionOfCapacity }])).toEqual(
    what === null ? [] : [{ where: label, what }],
  )
})
