import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { renderSweep } from '../../harness/render/sweep/view.ts'
import { coresSweep, sampleSweep, stagesSweep, troubledSweep } from './sample-sweep.ts'

const plainText = { color: false, columns: 80 }

test('a sweep over a parameter', async () => {
  await expect(renderSweep(sampleSweep(), plainText)).toMatchFileSnapshot('./snapshots/sweep.txt')
})

test('a sweep that was stopped, in which an arm stopped answering', async () => {
  await expect(renderSweep(troubledSweep(), plainText)).toMatchFileSnapshot(
    './snapshots/sweep-troubled.txt',
  )
})

test('a sweep over cores has capacity, speed-up and the scalability law', async () => {
  await expect(renderSweep(coresSweep(), plainText)).toMatchFileSnapshot(
    './snapshots/sweep-cores.txt',
  )
})

test.each([72, 80, 100, 140])('fits %d columns, long arms too', (columns) => {
  const long = sampleSweep()
  const label = 'staged:layout=fused:threads=8:batch=64:locks=reader-writer'
  for (const value of long.values) value.figures[label] = value.figures['staged']!
  long.arms[0]!.label = label
  for (const sweep of [sampleSweep(), troubledSweep(), coresSweep(), stagesSweep(), long]) {
    const text = renderSweep(sweep, { color: false, columns })
    const widest = Math.max(...text.split('\n').map((line) => line.length))
    expect(widest).toBeLessThanOrEqual(Math.min(100, columns))
    expect(text).not.toContain('…')
  }
})

test('capacity that only a load refers to has no table', () => {
  expect(renderSweep(sampleSweep(), plainText)).not.toContain('Throughput at capacity')
  expect(renderSweep(coresSweep(), plainText)).toContain(
    'Throughput at capacity (closed window), 75% intervals',
  )
})

test('colours change nothing but colours', () => {
  const colored = renderSweep(troubledSweep(), { color: true, columns: 80 })
  expect(colored).toContain('\u001b[')
  expect(stripVTControlCharacters(colored)).toBe(renderSweep(troubledSweep(), plainText))
})

test('a sweep that was stopped at once says so', () => {
  const sweep = { ...sampleSweep({ pairs: 0, capacityAt: [] }), complete: false, ending: 'no' }
  const text = renderSweep(sweep, plainText)
  expect(text).toContain('is not known')
  expect(text).toContain('This sweep is incomplete: no.')
})

test('nothing in a sweep can send control sequences to the terminal', () => {
  const sweep = troubledSweep()
  const label = '\u001b[2Jgone\r\u0007\u202e'
  for (const value of sweep.values) value.figures[label] = value.figures['staged']!
  sweep.arms[0]!.label = label
  sweep.over.name = '\u009b31mred'
  sweep.load.reference = '\u009b31mred'
  sweep.ending = '\u001b[2J'
  expect(renderSweep(sweep, plainText).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
})

test('timer-bound values are marked in every table at the load, and the mark is explained', () => {
  const text = renderSweep(sampleSweep({ timerBoundAt: [0.2] }), plainText)
  const [p99 = ''] = text.split('p50 latency')
  expect(p99).toMatch(/^ 0\.2 .* 0\.40×t \(/m)
  expect(p99).toMatch(/^ 0\.4 .* 0\.53× \(/m)
  expect(text.replaceAll('\n', ' ')).toContain('×t marks a timer-bound one: the waits')
  expect(renderSweep(sampleSweep(), plainText)).not.toContain('×t')
  const capacities = sampleSweep({
    metric: 'achievedPerSecond',
    capacityAt: [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2],
    timerBoundAt: [0.2],
  })
  const [throughput = ''] = renderSweep(capacities, plainText).split('p99 latency')
  expect(throughput).not.toContain('×t')
})
