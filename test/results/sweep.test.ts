import { expect, test } from 'vitest'
import { sweepView } from '../../harness/render/sweep/view.ts'
import type { TerminalOptions } from '../../harness/render/terminal/text.ts'
import { terminalView } from '../../harness/render/view/terminal.ts'
import type { Sweep } from '../../harness/results/sweep.ts'
import { coresSweep, sampleSweep } from '../render/sample-sweep.ts'

const renderSweep = (result: Sweep, options: TerminalOptions): string =>
  terminalView(sweepView(result), options)

const plainText = { color: false, columns: 80 }

test('capacity that only a load refers to has no table', () => {
  expect(renderSweep(sampleSweep(), plainText)).not.toContain('Throughput at capacity')
  expect(renderSweep(coresSweep(), plainText)).toContain(
    'Throughput at capacity (closed window), 75% intervals',
  )
})

test('a sweep that was stopped at once says so', () => {
  const sweep = { ...sampleSweep({ pairs: 0, capacityAt: [] }), complete: false, ending: 'no' }
  const text = renderSweep(sweep, plainText)
  expect(text).toContain('is not known')
  expect(text).toContain('This sweep is incomplete: no.')
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
