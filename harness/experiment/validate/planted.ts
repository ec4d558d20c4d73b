import { chooseComparisons, parseTwoArms } from '../../asked/arms.ts'
import { combineSeeds } from '../../base/random.ts'
import type { Validation, ValidationRow } from '../../results/validate.ts'
import { loadScenario } from '../../scenario/load.ts'
import { formatPercent } from '../../words/format.ts'
import { runInside, type ValidationState } from './state.ts'

/** One stage that burns: its latency at a low load is its service. */
const SCENARIO = 'stage-handoff'
const PARAMETERS = { stages: '1', workMicros: '50' }
const ARMS = 'sharded,sharded'
const METRIC = 'p50'
const ROUNDS = 16
const TRIAL_SECONDS = 0.5
/** Of two processors that serve 50 µs each. */
const PER_SECOND = 8_000
/** Draws its seeds beside those of A/A runs. */
const SEED = 7

/** How much longer services are, and in which share of the runs that must be found. */
const PLANTED = [
  { factor: 1.1, share: 0.8 },
  { factor: 1.2, share: 0.9 },
] as const

/** What one run said: the arm with the longer services lost, won, or nobody did. */
export type PlantedOutcome = 'right' | 'wrong' | 'undecided'

/** Rounds of the whole part, and seconds of a trial: what its length follows from. */
export function plantedPlan(runs: number): {
  readonly rounds: number
  readonly trialSeconds: number
} {
  return { rounds: PLANTED.length * runs * ROUNDS, trialSeconds: TRIAL_SECONDS }
}

/**
 * Each architecture's services are what a request takes where nothing waits. An arm against itself with services that are 10 % or
 * 20 % longer must lose, and never win.
 */
export async function validatePlanted(state: ValidationState): Promise<void> {
  const { request } = state
  for (const { factor, share } of PLANTED) {
    const outcomes: PlantedOutcome[] = []
    for (let run = 0; run < request.plantedRuns; run++) {
      state.started('planted', `${percentText(factor)}, run ${run + 1} of ${request.plantedRuns}`)
      outcomes.push(await plantedRun(state, factor, run))
    }
    const row = plantedRow(factor, share, outcomes)
    state.add(row)
    state.conclude(plantedSummary(row, outcomes))
  }
}

async function plantedRun(
  state: ValidationState,
  factor: number,
  run: number,
): Promise<PlantedOutcome> {
  const arms = parseTwoArms(ARMS)
  // Each arm in turn: neither place is to be told by more than its services.
  const slower = arms[run % 2]!.label
  const report = await runInside(state, {
    loaded: await loadScenario(SCENARIO, PARAMETERS),
    arms,
    comparisons: chooseComparisons(arms),
    loads: [{ kind: 'absolute', label: `${PER_SECOND}/s`, perSecond: PER_SECOND }],
    rounds: ROUNDS,
    metric: METRIC,
    durationSeconds: TRIAL_SECONDS,
    seed: combineSeeds(state.request.seed, SEED, Math.round(factor * 100), run),
    planted: { label: slower, factor },
  })
  const winner = report.loads[0]!.comparisons[0]!.verdict?.winner
  if (winner === slower) return 'wrong'
  return arms.some(({ label }) => label === winner) ? 'right' : 'undecided'
}

/** Passes when at least this share of the runs named the right arm, and none the wrong one. */
export function plantedRow(
  factor: number,
  share: number,
  outcomes: readonly PlantedOutcome[],
): ValidationRow {
  const right = outcomes.filter((outcome) => outcome === 'right').length
  const needed = Math.ceil(share * outcomes.length)
  return {
    part: 'planted',
    subject: `sharded against itself, services ${percentText(factor)}, ${outcomes.length === 1 ? 'one run' : `${outcomes.length} runs`} of ${ROUNDS} rounds`,
    figure: 'right arm named',
    measured: right,
    expected: outcomes.length,
    unit: 'verdicts',
    difference: null,
    limit: needed,
    passed: outcomes.length > 0 && right >= needed && !outcomes.includes('wrong'),
    note: outcomes.includes('wrong') ? 'the arm with the longer services was named the winner' : '',
  }
}

function plantedSummary(
  { passed, measured, expected, limit, subject }: ValidationRow,
  outcomes: readonly PlantedOutcome[],
): Validation['summaries'][number] {
  const wrong = outcomes.filter((outcome) => outcome === 'wrong').length
  return {
    part: 'planted',
    passed,
    sentence: `${subject}: ${measured} of ${expected} named the right arm by ${METRIC}, at least ${limit} needed; ${wrong} the wrong one`,
  }
}

function percentText(factor: number): string {
  return `${formatPercent(factor - 1)} longer`
}
