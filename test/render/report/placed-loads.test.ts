import { expect, test } from 'vitest'
import { verdictNotes } from '../../../harness/render/report/notices.ts'
import { loadName } from '../../../harness/render/report/pair-figures.ts'
import type { Load } from '../../../harness/results/schema.ts'
import { sampleReport } from '../sample-report.ts'

function placed(how: Load['placed']): { notes: string; name: string } {
  const report = sampleReport()
  const load = report.loads[1]!
  Object.assign(load, { label: `80%-of-${how?.by}`, offeredPerSecond: 3_200, placed: how })
  return {
    notes: verdictNotes(report)
      .map(({ text }) => text)
      .join('\n'),
    name: loadName(load),
  }
}

test('a load of each arm is told with its rates, and that latencies are not compared', () => {
  const { notes, name } = placed({ by: 'each', perSecond: { staged: 3_200, sharded: 9_600 } })
  expect(name).toBe('80%-of-each (staged 3.20k/s, sharded 9.60k/s)')
  expect(notes).toContain(
    '80%-of-each is each arm’s own share of what it sustained in the first round: staged 3.20k/s, sharded 9.60k/s; there is no comparison of latencies at equal requests per second',
  )
})

test('a load by the busiest shard is told in requests per second, and what the shard gets of them', () => {
  const { notes, name } = placed({ by: 'busiest', shardPerSecond: 2_400, share: 0.6 })
  expect(name).toBe('80%-of-busiest (3.20k/s)')
  expect(notes).toContain(
    '80%-of-busiest is 3.20k/s for every arm: with 60% of the requests the busiest shard gets 80% of the 2.40k/s that one shard sustains with even keys and clients; without the skew the same load is --loads 3200/s',
  )
})
