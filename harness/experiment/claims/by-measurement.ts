import type { MeasuredCriterion } from '../../contract/claim.ts'
import { ARCHITECTURE_NAMES } from '../../contract/architecture.ts'
import type { Calibration } from '../../results/calibrate.ts'
import type { ClaimFigure, ClaimResult } from '../../results/claims.ts'
import { type CentreOverPairs, centreOverPairs } from '../../stats/ratio-over-pairs.ts'
import { FIGURE_UNIT_SIZES } from '../../words/claim-metrics.ts'
import { runCalibration } from '../calibrate/calibrate.ts'
import { planCalibration } from '../calibrate/plan.ts'
import { runValidation } from '../validate/validate.ts'
import { concluded } from './outcome.ts'
import {
  CALIBRATION_SECONDS,
  type ClaimsRequest,
  QUEUEING_PLAN,
  QUEUEING_ROUND_SECONDS,
  QUEUEING_ROUNDS,
} from './plan.ts'
import { judgedFigure } from './summary.ts'

/** What tells of it, and keeps it. */
interface MeasuredHooks {
  readonly tell: (doing: string, doneFraction: number) => void
  readonly save: () => void
  readonly signal: AbortSignal
  /** Seconds of the budget that are left; infinite without one. */
  readonly secondsLeft: () => number
}

/** What the two measurements are, or a test's stand-ins. */
export interface Measurements {
  readonly calibrate: typeof runCalibration
  readonly validate: typeof runValidation
}

const REAL: Measurements = { calibrate: runCalibration, validate: runValidation }

/** Tests a claim by another measurement. @throws CrossoverError of kind `run` when that fails or is interrupted */
export async function measureByMeasurement(
  request: ClaimsRequest,
  criterion: MeasuredCriterion,
  claim: ClaimResult,
  hooks: MeasuredHooks,
  measurements: Measurements = REAL,
): Promise<void> {
  const conclude = (figure: ClaimFigure) => {
    claim.figures = [figure]
    Object.assign(claim, concluded(claim, criterion))
    hooks.save()
  }
  if (criterion.by === 'calibrate') {
    const calibration = await measurements.calibrate(
      {
        cpus: request.cpus,
        plan: planCalibration(request.cpus, CALIBRATION_SECONDS),
        command: request.command,
      },
      { onEvent: hooks.tell, save: () => {}, signal: hooks.signal },
    )
    claim.warnings.push(...calibration.warnings)
    conclude(smallestRatio(criterion, calibration, request.level))
    return
  }
  const errors: Record<string, number[]> = {}
  claim.errors = errors
  for (let round = 0; round < QUEUEING_ROUNDS; round++) {
    if (hooks.secondsLeft() < QUEUEING_ROUND_SECONDS && round > 0) break
    const { rows, warnings } = await measurements.validate(theoryRequest(request, round), {
      onEvent: (event, fraction) =>
        hooks.tell(event.kind === 'row' ? event.row.subject : event.what, fraction),
      save: () => {},
      signal: hooks.signal,
    })
    claim.warnings.push(...warnings)
    for (const { subject, figure, difference } of rows) {
      const ofCell = (errors[`${subject}, ${figure}`] ??= [])
      ofCell.push(difference ?? 0)
    }
    conclude(
      errorFigure(criterion, Object.values(errors), noiseText(claim.warnings), request.level),
    )
  }
}

function theoryRequest(request: ClaimsRequest, round: number): Parameters<typeof runValidation>[0] {
  return {
    parts: ['theory'],
    quick: false,
    theory: QUEUEING_PLAN,
    cpus: request.cpus,
    seed: request.seed + round,
    identicalRuns: ARCHITECTURE_NAMES.length,
    plantedRuns: 1,
    machineFolder: '',
    command: request.command,
    plan: { lines: [], seconds: QUEUEING_ROUND_SECONDS },
  }
}

/** The ratio of each switch of threads to each of tasks has an interval of its own: that of the smallest has the lowest ends. */
function smallestRatio(
  { figures: [figure] }: MeasuredCriterion,
  { claims: [claim], warnings }: Pick<Calibration, 'claims' | 'warnings'>,
  level: number,
): ClaimFigure {
  const ratios = (claim?.comparisons ?? []).flatMap(({ ratio }) => ratio ?? [])
  const none = { estimate: null, note: 'it could not be measured', values: [], isLogarithm: true }
  if (ratios.length === 0) return judgedFigure(figure, none, level)
  const least = (of: 'value' | 'lower' | 'upper') => Math.min(...ratios.map((ratio) => ratio[of]))
  const estimate = {
    value: least('value'),
    lower: least('lower'),
    upper: least('upper'),
    level: Math.min(...ratios.map((ratio) => ratio.level ?? 0)),
    n: Math.min(...ratios.map(({ n }) => n)),
    unit: '×',
  }
  const found = { estimate, note: noiseText(warnings), values: [], isLogarithm: true }
  return judgedFigure(figure, found, level)
}

/** What others did to the machine meanwhile; empty where they left it alone. */
function noiseText(warnings: ClaimResult['warnings']): string {
  return warnings.find(({ code }) => code === 'busy-machine' || code === 'steal')?.message ?? ''
}

function errorFigure(
  { figures: [figure] }: MeasuredCriterion,
  cells: readonly (readonly number[])[],
  note: string,
  level: number,
): ClaimFigure {
  const { size } = FIGURE_UNIT_SIZES[figure.unit]
  const inUnits = cells.map((errors) => errors.map((error) => error / size))
  const { estimate, values } = largestError(inUnits, level)
  const inUnit = { ...estimate, unit: figure.unit }
  return judgedFigure(figure, { estimate: inUnit, note, values, isLogarithm: false }, level)
}

/**
 * The largest error of several cells over rounds, whichever its sign, and what rounds say of its cell. Each cell's centre comes first: the
 * largest of a round's errors is that of the round's noise where the harness has none. The upper end is the furthest of the cells', as in
 * `extremeOverPairs`. Rounds too few for the level of Bonferroni's lower end (eleven for forty cells) leave a bound that needs no share of
 * it for each: in every round but the first the error of the cell that was the worst in those before, which knows nothing of the round's
 * noise. Should no error be that large, each of these exceeds the largest with a probability of a half at most, and their smallest
 * with a half to the power of their number.
 */
export function largestError(
  cells: readonly (readonly number[])[],
  level: number,
): { readonly estimate: CentreOverPairs; readonly values: readonly number[] } {
  const centres = cells.map((errors) => centreOverPairs(errors, level)!)
  const { errors, sign } = worstOf(cells)
  const values = errors.map((error) => sign * error)
  const value = centreOverPairs(values, level)!.value
  const n = values.length
  if (n === 1) return { estimate: { value, lower: value, upper: value, level: null, n }, values }
  const foretold = values.slice(1).map((_, at) => {
    const before = worstOf(cells.map((cell) => cell.slice(0, at + 1)))
    return before.sign * cells[before.cell]![at + 1]!
  })
  const missedAbove = (1 - centres[0]!.level!) / 2
  const estimate = {
    value,
    lower: Math.max(0, Math.min(value, ...foretold)),
    upper: Math.max(...centres.flatMap(({ lower, upper }) => [-lower, upper])),
    level: Math.max(0, 1 - missedAbove - 0.5 ** foretold.length),
    n,
  }
  return { estimate, values }
}

/** The cell whose centre is furthest from 0. */
function worstOf(cells: readonly (readonly number[])[]): {
  readonly cell: number
  readonly errors: readonly number[]
  readonly sign: number
} {
  const centres = cells.map((errors) => centreOverPairs(errors, 0)!.value)
  const sizes = centres.map(Math.abs)
  const cell = sizes.indexOf(Math.max(...sizes))
  return { cell, errors: cells[cell]!, sign: centres[cell]! < 0 ? -1 : 1 }
}
