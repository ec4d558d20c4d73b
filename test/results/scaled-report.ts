import { seededRandom } from '../../harness/base/random.ts'
import type { LoadedReport } from '../../harness/results/load.ts'
import { PERCENTILE_NAMES, type Report, SCHEMA_VERSION } from '../../harness/results/schema.ts'
import { sampleReport } from '../render/sample-report.ts'
import { normal } from '../stats/variates.ts'

/** How a run differs from the sample. */
interface Scales {
  /** Factors of all latencies of an arm. @default 1 */
  readonly staged?: number
  readonly sharded?: number
  /** Factor of all offered loads. @default 1 */
  readonly load?: number
  /** Factor of the CPU time per request of both. @default 1 */
  readonly cpu?: number
  /** Standard deviation of a trial, of the logarithm. @default 0.01 */
  readonly noise?: number
  readonly seed?: number
}

/** The sample as if its trials had other figures, each with noise of its own. */
export function scaledReport({
  staged = 1,
  sharded = 1,
  load: loadFactor = 1,
  cpu = 1,
  noise = 0.01,
  seed = 1,
}: Scales = {}): Report {
  const report = sampleReport()
  const random = seededRandom(seed)
  const factors: Readonly<Record<string, number>> = { staged, sharded }
  for (const load of report.loads) {
    load.offeredPerSecond = (load.offeredPerSecond ?? 0) * loadFactor
    // Trials of two thousand requests: their own noise would be far more.
    const base = structuredClone(load.sets[0]!.trials)
    for (const { trials } of load.sets) {
      for (const [arm, trial] of Object.entries(trials)) {
        const factor = (factors[arm] ?? 1) * Math.exp(noise * normal(random))
        const { percentiles } = base[arm]!
        for (const name of PERCENTILE_NAMES)
          trial.percentiles[name].ns = percentiles[name].ns * factor
        trial.maxNs *= factor
        trial.counters.cpuSecondsPerRequest! *= cpu * Math.exp(noise * normal(random))
      }
    }
  }
  // What a machine strays is another test's matter.
  report.band = null
  return report
}

/** The report of a run of its own: its trials began at other times, an hour earlier. */
export function earlier(report: Report): Report {
  const own = structuredClone(report)
  for (const { sets } of own.loads)
    for (const { trials } of sets)
      for (const trial of Object.values(trials)) trial.startedAtSeconds -= 3_600
  return own
}

/** A report as if it had been read from a file. */
export function asLoaded(report: Report, file = 'new/report.json'): LoadedReport {
  return { report, file, schemaVersion: SCHEMA_VERSION }
}
