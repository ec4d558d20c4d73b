import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import {
  decodeHistogram,
  histogramLog,
  percentileDistribution,
} from '../../harness/results/histogram.ts'
import type { Load, Report, Trial } from '../../harness/results/schema.ts'
import { classedReport } from '../render/classed-report.ts'
import { sampleReport, sampleTrial } from '../render/sample-report.ts'

/** Where Debian's `libhdrhistogram-java` puts it; elsewhere named by the environment. */
const JAR = process.env['HDRHISTOGRAM_JAR'] ?? '/usr/share/java/hdrhistogram.jar'
/** Values in microseconds. */
const VALUE_UNIT_RATIO = '1000'

const missing = !existsSync(JAR)
  ? `${JAR} is missing: apt-get install libhdrhistogram-java`
  : spawnSync('java', ['-version']).status === 0
    ? null
    : 'there is no java: apt-get install default-jre-headless'

const folder = mkdtempSync(join(tmpdir(), 'crossover-java-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs HdrHistogram's own log processor; what it printed. */
function processLog(log: string, ...args: readonly string[]): string {
  const path = join(folder, 'in.hlog')
  writeFileSync(path, log)
  const { status, stdout, stderr } = spawnSync(
    'java',
    ['-cp', JAR, 'org.HdrHistogram.HistogramLogProcessor', '-i', path, ...args],
    { encoding: 'utf8' },
  )
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
}

/** The intervals of one tag, a line each, and their distribution together. */
function processTag(log: string, tag: string): { intervals: string[]; distribution: string } {
  const out = join(folder, 'out')
  processLog(log, '-tag', tag, '-outputValueUnitRatio', VALUE_UNIT_RATIO, '-o', out)
  return {
    intervals: readFileSync(out, 'utf8')
      .split('\n')
      .filter((line) => /^\d/.test(line)),
    distribution: withoutComments(readFileSync(`${out}.hgrm`, 'utf8')),
  }
}

/** All but the comments that are not of the format: Java's about the log, ours about the run. */
function withoutComments(distribution: string): string {
  return distribution.replaceAll(/^#\[(?!Mean|Max|Buckets).*\n/gm, '')
}

function trialsOf(load: Load, arm: string): Trial[] {
  return load.sets.map(({ trials }) => trials[arm] as Trial)
}

/** From 12 ns to more than 60 s: all sizes of buckets. */
function wideReport(): Report {
  const report = sampleReport()
  for (const [index, medianNs] of [40, 9_000, 3_000_000, 20_000_000_000].entries()) {
    report.loads[0]!.sets[index]!.trials['staged'] = sampleTrial('staged', index, medianNs)
  }
  return report
}

/** Where CI is set these always run, and may fail. */
const isSkipped = missing !== null && !process.env['CI']
if (isSkipped) process.stderr.write(`skipped: Java’s HdrHistogram: ${missing}\n`)

const reason = missing === null ? '' : `: ${missing}`
describe.skipIf(isSkipped)(`Java’s HdrHistogram${reason}`, () => {
  const report = wideReport()
  const log = histogramLog(report, 'staged')

  test('finds the loads as tags', () => {
    const printed = processLog(log, '-listtags').trim().split('\n')
    expect(printed.slice(1)).toEqual(report.loads.map(({ label }) => label))
  })

  test('finds the classes of a load, and reads them apart', () => {
    const classed = classedReport()
    const tag = `${classed.loads[0]!.label}:light`
    const of = histogramLog(classed, 'staged')
    expect(processLog(of, '-listtags')).toContain(`${tag}\n`)
    const counts = trialsOf(classed.loads[0]!, 'staged').map((trial) => trial.classes![1]!.counts)
    const { intervals } = processTag(of, tag)
    expect(intervals.map((line) => Number(/I:(\d+)/.exec(line)?.[1]))).toEqual(
      counts.map(({ completed }) => completed),
    )
  })

  test.each(report.loads.map((load) => [load.label, load] as const))(
    'reads each trial at %s with its end, count, median, p90 and maximum',
    (label, load) => {
      const { intervals } = processTag(log, label)
      let total = 0
      const expected = trialsOf(load, 'staged').map((trial) => {
        const histogram = decodeHistogram(trial.histogram)
        total += trial.counts.completed
        const endSeconds = trial.startedAtSeconds + trial.warmUpSeconds + trial.steadySeconds
        const us = [
          histogram.getValueAtPercentile(50),
          histogram.getValueAtPercentile(90),
          histogram.maxValue,
        ].map((ns) => (ns / 1_000).toFixed(3))
        return `${endSeconds.toFixed(3)}: I:${trial.counts.completed} ( ${us.join(' ')} ) T:${total}`
      })
      const found = intervals.map((line) => line.replace(/ \([^(]*$/, '').replaceAll(/ +/g, ' '))
      expect(found).toEqual(expected)
    },
  )

  test.each(report.loads.map((load) => [load.label, load] as const))(
    'makes the same percentile distribution at %s, to the letter',
    (label, load) => {
      const ours = withoutComments(percentileDistribution(report, load, 'staged') ?? '')
      expect(processTag(log, label).distribution).toBe(ours)
    },
  )

  test('decodes the histograms of report.json as they are', () => {
    const [load] = report.loads
    const lines = trialsOf(load!, 'sharded').map(
      ({ histogram }, index) => `Tag=raw,${index}.000,1.000,1.000,${histogram}`,
    )
    const raw = ['#[Histogram log format version 1.3]', ...lines, ''].join('\n')
    const ours = withoutComments(percentileDistribution(report, load!, 'sharded') ?? '')
    expect(processTag(raw, 'raw').distribution).toBe(ours)
  })
})
