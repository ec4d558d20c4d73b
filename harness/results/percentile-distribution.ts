import { NS_PER_US } from '../base/units.ts'
import { mergeHistograms } from './histogram.ts'
import type { Load, Report } from './schema.ts'

/** Lines on each way of half the distance to 100 %: what HdrHistogram's own tools print. */
const TICKS_PER_HALF_DISTANCE = 5

/**
 * The latencies of one arm at one load, all its trials together, as the text that HdrHistogram's plotter reads (`.hgrm`):
 * value in microseconds, percentile, count up to there, 1 ÷ (1 − percentile). The trials are those of the arm's `.hlog`:
 * void and repeated ones are left out. Requests that were refused or never answered are not in it; a comment at its end
 * says how many. Null when no request was completed.
 */
export function percentileDistribution(
  { scenario }: Report,
  load: Load,
  armLabel: string,
): string | null {
  const trials = load.sets.flatMap(({ trials: { [armLabel]: trial } }) =>
    trial === undefined || trial.void !== null ? [] : [trial],
  )
  const merged = mergeHistograms(trials.map(({ histogram }) => histogram))
  if (merged.totalCount === 0) return null
  const unfinished = trials.reduce((sum, { counts }) => sum + counts.refused + counts.unanswered, 0)
  const subject = oneLine(`crossover ${scenario.name}, arm ${armLabel}, load ${load.label}`)
  return [
    merged.outputPercentileDistribution(TICKS_PER_HALF_DISTANCE, NS_PER_US),
    `#[${subject}; values in microseconds; ${trials.length} trials]\n`,
    `#[${unfinished} requests that were refused or never answered are not in it]\n`,
  ].join('')
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
