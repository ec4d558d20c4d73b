import { expect, test } from 'vitest'
import { ratioSeries } from '../../../harness/render/history/series.ts'
import type { ReadRow } from '../../../harness/render/history/rows.ts'
import { type RunChanges, runAfter, sampleIndex, startAfter } from '../sample-index.ts'

/** How many runs are in each group of the only scenario, and in what it differs. */
function groups(...rows: readonly ReadRow[]): readonly (readonly [number, readonly string[]])[] {
  const [scenario, ...others] = ratioSeries(rows)
  expect(others).toEqual([])
  return scenario!.groups.map(({ runCount, differences }) => [runCount, differences])
}

test('points run from the oldest to the newest, one series per load', () => {
  const [only] = ratioSeries([runAfter(2, { factor: 3 }), runAfter(1)])
  expect(only!.scenario).toBe('kv-update')
  const { series } = only!.groups[0]!
  expect(series.map(({ subject }) => subject)).toEqual(['20%: p99', '50%: p99', '80%: p99'])
  for (const { points } of series) {
    expect(points.map(({ startedAt }) => startedAt)).toEqual([startAfter(1), startAfter(2)])
    expect(points[1]!.ratio.value / points[0]!.ratio.value).toBeCloseTo(3, 9)
  }
  expect(series.map(({ points }) => points[0]!.winner)).toEqual([1, 1, null])
})

test.each<[string, RunChanges, string]>([
  ['parameter', { params: { keys: 5 } }, 'parameter keys is 5, not 100000'],
  [
    'machine',
    { cpu: 'Other' },
    'machine is Other, 2 cores, 8 GiB, linux x64, not Example CPU @ 2.60GHz, 2 cores, 8 GiB, linux x64',
  ],
  ['arms', { arms: ['staged', 'x'] }, 'arms are staged and x, not staged and sharded'],
  ['steady state', { durationSeconds: 2 }, 'a trial’s steady state is 2 s, not 1 s'],
])('another %s is another line, and says so', (_, change, difference) => {
  expect(groups(runAfter(3, change), runAfter(2), runAfter(1))).toEqual([
    [2, []],
    [1, [difference]],
  ])
})

test('a parameter or an option that only one knows, another kernel and another seed join', () => {
  const other = runAfter(2)
  const changed: ReadRow = {
    ...other,
    machine: { ...other.machine!, kernel: '7.0' },
    conditions: { ...other.conditions!, params: { ...other.conditions!.params, added: 1 } },
  }
  expect(groups(changed, runAfter(1))).toEqual([[2, []]])
})

test('machines that alternate stay apart', () => {
  const rows = [6, 5, 4, 3, 2, 1].map((day) => runAfter(day, day % 2 === 0 ? {} : { cpu: 'Other' }))
  expect(groups(...rows).map(([count]) => count)).toEqual([3, 3])
})

test('of groups of one size the one with the newest run is first', () => {
  const [first, second] = groups(runAfter(2, { cpu: 'Other' }), runAfter(1))
  expect(first).toEqual([1, []])
  expect(second![1][0]).toMatch(/^machine is Example CPU.* not Other/)
})

test('only runs with a ratio have a place, and scenarios come by name', () => {
  const all = ratioSeries(sampleIndex())
  expect(
    all.map(({ scenario, groups: of }) => [scenario, of.map(({ runCount }) => runCount)]),
  ).toEqual([
    ['kv-update', [6, 2, 1]],
    ['low-load', [1]],
    ['queue-discipline', [1]],
  ])
  const without = runAfter(1)
  expect(
    ratioSeries([{ ...without, ratios: without.ratios.map((each) => ({ ...each, ratio: null })) }]),
  ).toEqual([])
})

test('runs that a third one without their parameter could join do not join each other', () => {
  const older = runAfter(3)
  const { added: _, ...params } = { added: 0, ...older.conditions!.params }
  const with_ = (hours: number, added: number): ReadRow => {
    const row = runAfter(hours)
    return { ...row, conditions: { ...row.conditions!, params: { ...params, added } } }
  }
  expect(groups(older, with_(2, 1), with_(1, 2)).map(([count]) => count)).toEqual([2, 1])
})
