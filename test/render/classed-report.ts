import { encodeHistogram, histogramFromBuckets } from '../../harness/results/histogram.ts'
import type { Report, Trial } from '../../harness/results/schema.ts'
import { sampleReport } from './sample-report.ts'

/** A class with a share of the requests, all of them answered within this time. */
export function classOf(
  name: string,
  { counts }: Trial,
  share: number,
  ns: number,
): NonNullable<Trial['classes']>[number] {
  const due = Math.round(counts.due * share)
  const latency = { ns, atLeast: false }
  return {
    name,
    counts: { due, completed: due, refused: 0, unanswered: 0 },
    histogram: encodeHistogram(histogramFromBuckets([[ns, due]])),
    minNs: ns,
    maxNs: ns,
    percentiles: { p50: latency, p90: latency, p99: latency, p99_9: latency, max: latency },
  }
}

/** The sample with classes: sharded's light requests take three times as long as staged's. */
export function classedReport(requestClass: string | null = null): Report {
  const report = sampleReport()
  for (const { sets } of report.loads)
    for (const { trials } of sets)
      for (const trial of Object.values(trials)) {
        const lightNs = trial.arm === 'staged' ? 100_000 : 300_000
        trial.classes = [
          classOf('heavy', trial, 0.75, 1_000_000),
          classOf('light', trial, 0.25, lightNs),
        ]
      }
  report.run.requestClass = requestClass
  return report
}
