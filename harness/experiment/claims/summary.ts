import { NS_PER_US } from '../../base/units.ts'
import type {
  CellCriterion,
  CellMetric,
  CriterionFigure,
  FigureOf,
  UsefulTime,
} from '../../contract/claim.ts'
import {
  type CellTrial,
  type ClaimCondition,
  type ClaimFigure,
  type ClaimResult,
} from '../../results/claims.ts'
import { answeredWithin } from '../../results/histogram.ts'
import { isTooNoisy, markedTrials } from '../../stats/doubtful-trials.ts'
import { median } from '../../stats/intervals.ts'
import { judgeLimits, lies, limitEnds, roundsToDecide } from '../../stats/limits.ts'
import {
  backTransformed,
  type CentreOverPairs,
  centreOverPairs,
  extremeOverPairs,
  type PairLog,
} from '../../stats/ratio-over-pairs.ts'
import { gridOf, isOnRatioScale, readsOf, roundValue } from '../../stats/round-figure.ts'
import { saturatedAmong, wholeRounds } from '../../stats/sound-rounds.ts'
import {
  CLAIM_METRICS,
  FIGURE_UNIT_SIZES,
  metricKey,
  metricLabel,
} from '../../words/claim-metrics.ts'
import { formatPercent } from '../../words/format.ts'
import { concluded } from './outcome.ts'
import { amongScreened, type Cells, cellsOf, decidingSets, roundsOf } from './screen.ts'

type Estimated = ClaimFigure['estimate']

/** What rounds say of a figure. */
interface Found {
  readonly estimate: Estimated
  /** Why there is none, or why it decides nothing. */
  readonly note: string
  /** What rounds say, on the scale of the estimate and in its unit; of a grid those of the extreme one. */
  readonly values: readonly number[]
  /** Whether `values` are logarithms. */
  readonly isLogarithm: boolean
}

/** Computes everything in a claim that follows from its trials, anew. Milliseconds. @param level confidence of its intervals */
export function summarizeClaim(claim: ClaimResult, criterion: CellCriterion, level: number): void {
  countUseful(claim, criterion)
  const sets = decidingSets(claim, criterion)
  const rounds = roundsOf(sets)
  const found = (figure: Pick<CriterionFigure, 'of' | 'unit'>, at: number) => {
    const { unit, of } = figure
    return foundOver(
      { ...claim, sets },
      rounds,
      { unit, of: amongScreened(of, claim, criterion) },
      at,
    )
  }
  const judged = (figure: CriterionFigure, at: number) =>
    judgedFigure(figure, found(figure, at), at)
  const strictLevel = refutingLevel(criterion, level)
  claim.figures = criterion.figures.map((figure) => {
    const first = judged(figure, level)
    if (first.outcome !== 'refuted' || strictLevel === level) return first
    const { outcome, roundsToDecide: more } = judged(figure, strictLevel)
    return outcome === 'refuted' ? first : { ...first, outcome: 'undecided', roundsToDecide: more }
  })
  claim.conditions = (criterion.onlyIf ?? []).map((condition): ClaimCondition => {
    const { name, unit, holds } = condition
    const { estimate, note } = found(condition, level)
    const isMet = estimate === null ? null : reaches(estimate, level) && lies(holds, estimate)
    return { name, unit, estimate, note, holds, isMet }
  })
  claim.markedTrials = markedTrials(claim.sets.flatMap(({ trials }) => trials))
  Object.assign(claim, concluded(claim, criterion))
}

/** Where any of several figures refutes, each has a share of the error (Bonferroni); where all must, none needs one. */
function refutingLevel({ figures, refutedBy }: CellCriterion, level: number): number {
  const looks = figures.filter(({ refuted }) => refuted !== undefined).length
  return refutedBy === 'all' || looks < 2 ? level : 1 - (1 - level) / looks
}

/** Goodput of all trials that are asked for it, anew: the time within which answers are useful follows from all rounds. */
function countUseful(claim: ClaimResult, { usefulWithin }: CellCriterion): void {
  if (usefulWithin === undefined) return
  const withinNs = usefulNs(claim, usefulWithin)
  claim.usefulWithinNs = withinNs
  for (const { latencies, figures } of claim.sets.flatMap(({ trials }) => trials)) {
    if (latencies === undefined) continue
    const { histogram, steadySeconds } = latencies
    figures['goodput'] =
      withinNs === null ? null : answeredWithin(histogram, withinNs) / steadySeconds
  }
}

/** Null until each of the latencies is known, and where one was never answered. */
function usefulNs(claim: ClaimResult, useful: UsefulTime): number | null {
  if ('micros' in useful) return useful.micros * NS_PER_US
  const trials = claim.sets.flatMap((set) => set.trials.filter((trial) => trial.void === null))
  const medians = useful.largest.map((of) => {
    const values = trials.flatMap(({ cell, figures }) =>
      cell === of.cell ? (figures[metricKey(of)] ?? []) : [],
    )
    const known = values.filter((value) => typeof value === 'number')
    return known.length === 0 || known.length < values.length
      ? null
      : median(known.toSorted((a, b) => a - b))
  })
  return medians.includes(null) ? null : useful.times * Math.max(...medians.map((one) => one!))
}

/** What a criterion makes of an estimate. */
export function judgedFigure(
  { name, unit, confirmed, refuted }: Omit<CriterionFigure, 'of'>,
  { estimate, note, values, isLogarithm }: Found,
  level: number,
): ClaimFigure {
  const limits = { ...(confirmed && { confirmed }), ...(refuted && { refuted }) }
  const hasLimit = confirmed !== undefined || refuted !== undefined
  const isJudged = hasLimit && estimate !== null && note === '' && reaches(estimate, level)
  const outcome = hasLimit ? 'undecided' : 'beside'
  const judged = isJudged ? judgeLimits(estimate, limits) : outcome
  const ends = Object.values(limits).flatMap(limitEnds)
  const scaled = isLogarithm ? ends.filter((end) => end > 0).map(Math.log) : ends
  return {
    name,
    unit,
    estimate,
    note,
    confirmed: confirmed ?? null,
    refuted: refuted ?? null,
    outcome: judged,
    roundsToDecide: judged === 'undecided' ? roundsToDecide(values, scaled, level) : null,
  }
}

function foundOver(
  claim: ClaimResult,
  all: readonly Cells[],
  { of, unit }: Pick<CriterionFigure, 'of' | 'unit'>,
  level: number,
): Found {
  const grid = gridOf(of)
  const isLogarithm = grid.every(isOnRatioScale)
  const reads = grid.flatMap(readsOf)
  const cells = [...new Set(reads.map(({ cell }) => cell))]
  const rounds = wholeRounds(all, cells)
  const nothing = (note: string): Found => ({ estimate: null, note, values: [], isLogarithm })
  if (rounds.length === 0) return nothing('')
  const trials = claim.sets.flatMap((set) => set.trials.filter(({ cell }) => cells.includes(cell)))
  const noise = noiseText(trials)
  const fault = saturatedText(claim, rounds, reads) ?? missingText(claim, rounds, reads)
  // Noise may be why.
  if (fault !== null) return nothing(noise === '' ? fault : `${fault}; ${noise}`)
  const { size } = FIGURE_UNIT_SIZES[unit]
  const perFigure = grid.map((figure) =>
    rounds.map((round) => roundValue(figure, cellsOf(claim, round), isLogarithm)),
  )
  const centre = centreOf(of, perFigure, level)
  if (centre === null)
    return nothing(
      'in too many rounds there was nothing to divide by, or requests were never answered',
    )
  const onScale = isLogarithm ? backTransformed(centre) : centre
  const estimate = {
    ...onScale,
    value: onScale.value / size,
    lower: onScale.lower / size,
    upper: onScale.upper / size,
    unit,
  }
  return {
    estimate,
    note: noise,
    values: decidingValues(perFigure, centre.value).map((value) =>
      isLogarithm ? value - Math.log(size) : value / size,
    ),
    isLogarithm,
  }
}

function centreOf(
  of: FigureOf,
  perFigure: readonly (readonly (PairLog | null)[])[],
  level: number,
): CentreOverPairs | null {
  if ('largest' in of) return extremeOverPairs(perFigure, 'largest', level)
  if ('smallest' in of) return extremeOverPairs(perFigure, 'smallest', level)
  return centreOverPairs(perFigure[0]!, level)
}

/** Of the figure of a grid whose centre it is. */
function decidingValues(
  perFigure: readonly (readonly (PairLog | null)[])[],
  centre: number,
): readonly number[] {
  const known = perFigure.map((values) => values.filter((value) => typeof value === 'number'))
  return known.find((values) => centreOverPairs(values, 0)?.value === centre) ?? known[0] ?? []
}

function reaches({ level: achieved }: NonNullable<Estimated>, level: number): boolean {
  return achieved !== null && achieved >= level
}

/** Latencies of a growing queue measure how long the trial was. */
function saturatedText(
  { cells }: ClaimResult,
  rounds: readonly Cells[],
  reads: readonly CellMetric[],
): string | null {
  const ofLatency = reads.filter(({ metric }) => CLAIM_METRICS[metric].isLatency)
  const names = [...new Set(ofLatency.map(({ cell }) => cell))]
  const [saturated] = saturatedAmong(rounds, names)
  if (saturated === undefined) return null
  const { load } = cells.find(({ name }) => name === saturated)!
  return `cell ${saturated} does not keep up with its load of ${load}`
}

function missingText(
  { usefulWithinNs }: ClaimResult,
  rounds: readonly Cells[],
  reads: readonly CellMetric[],
): string | null {
  const missing = reads.find((of) =>
    rounds.some((round) => round.get(of.cell)!.figureOf(metricKey(of)) === null),
  )
  if (missing?.metric === 'goodput' && usefulWithinNs === null)
    return 'the time within which an answer is useful is not known: a latency that sets it was never answered'
  return missing === undefined
    ? null
    : `there is no ${metricLabel(missing)} of cell ${missing.cell} here`
}

function noiseText(trials: readonly CellTrial[]): string {
  const marked = markedTrials(trials)
  if (!isTooNoisy(marked)) return ''
  const share = formatPercent((marked.byGate['noise'] ?? 0) / marked.of)
  return `other programs used the processors in ${share} of its trials`
}
