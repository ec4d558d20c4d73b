import { HistogramLogWriter } from 'hdr-histogram-js'
import { MS_PER_SECOND, NS_PER_MS } from '../base/units.ts'
import { decodeHistogram } from './histogram.ts'
import type { Report } from './schema.ts'

/**
 * One arm's histograms as an HdrHistogram log, version 1.3: a line per trial, tagged with its load, times in seconds
 * since the run's start, maxima in milliseconds. Void trials are left out: their latencies belong to wrong answers.
 */
export function histogramLog(report: Report, armLabel: string): string {
  const lines: string[] = []
  const writer = new HistogramLogWriter((line) => lines.push(line))
  writer.outputComment(`[crossover ${oneLine(report.scenario.name)}, arm ${oneLine(armLabel)}]`)
  writer.outputLogFormatVersion()
  // Not outputStartTime(): it prints the local time zone.
  const startSeconds = Date.parse(report.run.startedAt) / MS_PER_SECOND
  writer.outputComment(
    `[StartTime: ${startSeconds.toFixed(3)} (seconds since epoch), ${oneLine(report.run.startedAt)}]`,
  )
  writer.outputLegend()
  for (const load of report.loads) {
    for (const { trials } of load.sets) {
      const trial = trials[armLabel]
      if (trial === undefined || trial.void !== null) continue
      const histogram = decodeHistogram(trial.histogram)
      histogram.tag = tagFor(load.label)
      const steadyStartSeconds = trial.startedAtSeconds + trial.warmUpSeconds
      // The library's default ratio is 1,000; the format says milliseconds.
      writer.outputIntervalHistogram(
        histogram,
        steadyStartSeconds,
        steadyStartSeconds + trial.steadySeconds,
        NS_PER_MS,
      )
    }
  }
  return lines.join('')
}

/** A tag as the format allows it: no comma, no space. */
function tagFor(loadLabel: string): string {
  return loadLabel.replace(/[\s,]+/g, '_')
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
