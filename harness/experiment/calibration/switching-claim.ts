import type { Claim, ClaimVerdict, PairRow, SingleRow } from '../../results/calibration.ts'
import { medianRatio } from '../../stats/median-interval.ts'
import type { Interval } from '../../stats/signed-rank.ts'
import type { Figures } from './figures.ts'
import { labelOf, roundsNs, toEstimate } from './rows.ts'

const LEVEL = 0.95
const THRESHOLD = 10

/** Waking a thread of another processor, and the switch alone, both threads on one: the claim must hold for the cheaper. */
const THREAD_SWITCHES: readonly PairRow[] = ['thread-hop', 'thread-switch']
const TASK_SWITCHES: readonly SingleRow[] = ['callback', 'generator-switch', 'microtask-switch']

/** Claim C15 on this machine. */
export function judgeSwitching(figures: Figures): Claim {
  const comparisons = THREAD_SWITCHES.flatMap((numerator) =>
    TASK_SWITCHES.map((denominator) => {
      const [above, below] = [roundsNs(figures, numerator), roundsNs(figures, denominator)]
      const ratio =
        above.length === 0 || below.length === 0 ? null : medianRatio(above, below, LEVEL)
      return {
        numerator: labelOf(numerator),
        denominator: labelOf(denominator),
        ratio: ratio && toEstimate(ratio, Math.min(above.length, below.length), '×'),
        verdict: verdictOf(ratio),
      }
    }),
  )
  return {
    id: 'C15',
    statement: 'switching tasks in user space is far cheaper than switching kernel threads',
    threshold: THRESHOLD,
    // What could not be measured says nothing.
    verdict: jointVerdict(comparisons.filter(({ ratio }) => ratio !== null)),
    comparisons,
  }
}

/** Confirmed or refuted only when the whole interval lies on one side of the threshold, and has its level. */
export function verdictOf(ratio: Interval | null): ClaimVerdict {
  if (ratio === null || ratio.level < LEVEL) return 'undecided'
  if (ratio.lower >= THRESHOLD) return 'confirmed'
  return ratio.upper < THRESHOLD ? 'refuted' : 'undecided'
}

/** All must hold; one that does not is enough. */
function jointVerdict(comparisons: readonly { readonly verdict: ClaimVerdict }[]): ClaimVerdict {
  const verdicts = comparisons.map(({ verdict }) => verdict)
  if (verdicts.includes('refuted')) return 'refuted'
  return verdicts.length === 0 || verdicts.includes('undecided') ? 'undecided' : 'confirmed'
}
