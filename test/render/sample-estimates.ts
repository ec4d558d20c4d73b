import {
  COMPARISON_NAMES,
  type ComparisonName,
  type Estimate,
  type Trial,
  type TrialSet,
} from '../../harness/results/schema.ts'

/** An estimate whose bounds are the smallest and largest of the values. */
export function sampleEstimate(
  values: readonly number[],
  unit: string,
  level: number | null,
): Estimate {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return {
    value: sorted[middle] as number,
    lower: sorted[0] as number,
    upper: sorted.at(-1) as number,
    level,
    n: sorted.length,
    unit,
  }
}

/** The sample states no time within which an answer is useful. */
type SampledMetric = Exclude<ComparisonName, 'goodputPerSecond'>

function figureOf(trial: Trial, name: SampledMetric): number {
  if (name === 'achievedPerSecond') return trial.achievedPerSecond
  if (name === 'cpuPerRequest') return trial.counters.cpuSecondsPerRequest as number
  return trial.percentiles[name].ns
}

/** Ratios of which the bounds are the smallest and largest of the pairs. */
export function compare(
  sets: readonly TrialSet[],
  first = 'staged',
  second = 'sharded',
): Record<SampledMetric, Estimate> & { readonly goodputPerSecond: null } {
  const sampled = COMPARISON_NAMES.filter((name) => name !== 'goodputPerSecond')
  const estimates = sampled.map((name) => {
    const ratios = sets.map(
      ({ trials }) =>
        figureOf(trials[second] as Trial, name) / figureOf(trials[first] as Trial, name),
    )
    return [name, sampleEstimate(ratios, '×', 0.96875)] as const
  })
  return {
    ...(Object.fromEntries(estimates) as Record<SampledMetric, Estimate>),
    goodputPerSecond: null,
  }
}
