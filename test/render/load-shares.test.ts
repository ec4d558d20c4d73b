import { expect, test } from 'vitest'
import { renderHtml } from '../../harness/render/html.ts'
import { loadSharesText } from '../../harness/render/load-shares.ts'
import { renderTerminal } from '../../harness/render/terminal.ts'
import { sampleReport } from './sample-report.ts'

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
