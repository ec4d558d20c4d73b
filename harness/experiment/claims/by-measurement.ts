import type { MeasuredCriterion } from '../../contract/claim.ts'
import { ARCHITECTURE_NAMES } from '../../contract/architecture.ts'
import type { Calibration } from '../../results/calibrate.ts'
import type { ClaimFigure, ClaimResult } from '../../results/claims.ts'
import type { ValidationRow } from '../../results/validate.ts'
import { centreOverPairs } from '../../stats/ratio-over-pairs.ts'
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
  const errors: number[] = []
  for (let round = 0; round < QUEUEING_ROUNDS; round++) {
    if (hooks.secondsLeft() < QUEUEING_ROUND_SECONDS && round > 0) break
    const { rows, warnings } = await measurements.validate(theoryRequest(request, round), {
      onEvent: (event, fraction) =>
        hooks.tell(event.kind === 'row' ? event.row.subject : event.what, fraction),
      save: () => {},
      signal: hooks.signal,
    })
    claim.warnings.push(...warnings)
    errors.push(largestError(rows))
    conclude(errorFigure(criterion, errors, noiseText(claim.warnings), request.level))
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

/** By how much a percentile is off at most, as a share of what the recursion says, over both disciplines and all loads. */
function largestError(rows: readonly ValidationRow[]): number {
  return Math.max(...rows.flatMap(({ difference }) => Math.abs(difference ?? 0)))
}

function errorFigure(
  { figures: [figure] }: MeasuredCriterion,
  errors: readonly number[],
  note: string,
  level: number,
): ClaimFigure {
  const { size } = FIGURE_UNIT_SIZES[figure.unit]
  const values = errors.map((error) => error / size)
  const centre = centreOverPairs(values, level)
  const estimate = centre && { ...centre, unit: figure.unit }
  return judgedFigure(figure, { estimate, note, values, isLogarithm: false }, level)
}
