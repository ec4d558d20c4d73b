import { expect, test } from 'vitest'
import { createRecorder, WINDOW_NS } from '../../harness/measure/recorder-layout.ts'
import { Recorder } from '../../harness/measure/recorder.ts'
import {
  isSteady,
  summarizeWindows,
  type WindowSummary,
} from '../../harness/measure/window-series.ts'

/** Records latencies into window number `window` of a recorder that begins at instant 0. */
function recorderWith(latenciesByWindow: readonly (readonly number[])[]) {
  const memory = createRecorder(latenciesByWindow.length)
  const recorder = new Recorder(memory)
  recorder.begin(0)
  latenciesByWindow.forEach((latencies, window) => {
    const dueNs = Float64Array.of(window * WINDOW_NS)
    for (const latencyNs of latencies) {
      recorder.record(dueNs, Int32Array.of(0), 0, 1, Float64Array.of(dueNs[0]! + latencyNs))
    }
  })
  return memory
}

/** Windows with these medians. */
function windowsOf(medians: readonly number[]): WindowSummary[] {
  return medians.map((p50Ns, index) => {
    return { startNs: index * WINDOW_NS, completed: 1, p50Ns, p99Ns: p50Ns, maxNs: p50Ns }
  })
}

const hundred = Array.from({ length: 100 }, (_, index) => (index + 1) * 1_000)

test('sums the windows of all ports', () => {
  const odd = recorderWith([hundred.filter((_, index) => index % 2 === 0), []])
  const even = recorderWith([hundred.filter((_, index) => index % 2 === 1), [7_000]])
  const [first, second] = summarizeWindows([odd, even], 0, 2)
  expect(first).toMatchObject({ startNs: 0, completed: 100, maxNs: 100_000 })
  // One coarse bucket is 1/16 wide.
  expect(Math.abs(first!.p50Ns - 50_000)).toBeLessThan(50_000 / 16)
  expect(Math.abs(first!.p99Ns - 99_000)).toBeLessThan(99_000 / 16)
  expect(second).toMatchObject({ startNs: WINDOW_NS, completed: 1, maxNs: 7_000 })
  expect(Math.abs(second!.p50Ns - 7_000)).toBeLessThan(7_000 / 16)
  expect(second!.p99Ns).toBe(second!.p50Ns)
})

test('counts from the first window asked for', () => {
  const recorder = recorderWith([[10], [20], [30], [40]])
  const windows = summarizeWindows([recorder], 2, 2)
  expect(windows.map(({ startNs, maxNs }) => [startNs, maxNs])).toEqual([
    [0, 30],
    [WINDOW_NS, 40],
  ])
})

test('an empty window is all zeros', () => {
  expect(summarizeWindows([recorderWith([[]])], 0, 1)).toEqual([
    { startNs: 0, completed: 0, p50Ns: 0, p99Ns: 0, maxNs: 0 },
  ])
})

test.each([
  ['level', [100, 100, 100], true],
  ['rising', [100, 150, 200], true],
  ['falling within one coarse bucket and 5 %', [100, 90, 85], true],
  ['falling more than that', [100, 85, 85], false],
  ['falling at the end', [100, 100, 80], false],
  ['too short', [100, 100], false],
  ['settled after a fall', [900, 500, 100, 100, 100], true],
] as const)('a series that is %s: %j', (_, medians, steady) => {
  expect(isSteady(windowsOf(medians))).toBe(steady)
})

test('a window without requests proves nothing', () => {
  const windows = windowsOf([100, 100, 100])
  expect(isSteady([windows[0]!, { ...windows[1]!, completed: 0 }, windows[2]!])).toBe(false)
})
