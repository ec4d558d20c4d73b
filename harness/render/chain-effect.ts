import type { Ablation, AblationMetric } from '../results/ablation.ts'
import type { Estimate } from '../results/schema.ts'
import { isTooNoisy } from '../stats/doubtful-trials.ts'
import { fewestPairs } from '../stats/verdict.ts'
import { formatEstimate, NOT_AVAILABLE, RATIO } from './format.ts'

/**
 * Whether a ratio is told from 1: its whole interval lies on one side, over as many rounds as were to be, on a machine that was
 * quiet in most trials.
 */
export type Effect = 'decided' | 'undecided' | 'unknown'

/** `0.31× (0.26–0.38)`, or `0.97×? (0.90–1.06)` when it is not told from 1; a dash when it is not known. */
export function effectText(
  ablation: Pick<Ablation, 'run' | 'markedTrials'>,
  metric: AblationMetric,
  ratio: Estimate | null,
): string {
  if (ratio === null) return NOT_AVAILABLE
  const text = formatEstimate(ratio, RATIO)
  return effectOf(ablation, metric, ratio) === 'undecided' ? text.replace('×', '×?') : text
}

/**
 * What an interval of the chain says. Throughput has only as many rounds as capacity was measured in: there all of them
 * must be on one side, which three rounds are by chance one time in four.
 */
export function effectOf(
  { run, markedTrials }: Pick<Ablation, 'run' | 'markedTrials'>,
  metric: AblationMetric,
  ratio: Estimate | null,
): Effect {
  if (ratio === null) return 'unknown'
  if (isTooNoisy(markedTrials.byGate['noise'] ?? 0, markedTrials.of)) return 'undecided'
  const needed =
    metric === 'throughput'
      ? Math.min(run.plannedCapacityRounds, fewestPairs(run.level))
      : fewestPairs(run.level)
  // A single round has no interval.
  if (ratio.level === null || ratio.n < needed) return 'undecided'
  return ratio.lower > 1 || ratio.upper < 1 ? 'decided' : 'undecided'
}
