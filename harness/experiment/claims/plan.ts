import { findProfile } from '../../asked/profiles.ts'
import type { LoadedScenario } from '../../asked/requests.ts'
import { usageError } from '../../base/errors.ts'
import type { CellCriterion, Criterion } from '../../contract/claim.ts'
import type { CellTrial, Claims, ClaimResult } from '../../results/claims.ts'
import { fewestRounds, type PlannedCell, plannedCells } from '../../scenario/criteria.ts'
import { refuseVirtualCores } from '../../trial/context.ts'
import { counted, formatPercent, formatSpan } from '../../words/format.ts'
import { lengthOf, planLines } from '../rounds/plan-lines.ts'
import type { Advance, Expectations, Plan, Planned } from '../rounds/pacing.ts'
import { CLOSED_SECONDS, replayedExpectations } from '../rounds/round-times.ts'
import { theorySeconds } from '../validate/theory.ts'
import { type CellPlan, placesOf } from './places.ts'
import { mostScreened } from './screen.ts'

/** A claim that is to be tested, and the scenario that tests it. */
export interface AskedClaim {
  /** At its defaults. */
  readonly loaded: LoadedScenario
  /** How the scenario is loaded: its name, or the path of a file. */
  readonly from: string
  /** The same in errors. */
  readonly where: string
  readonly criterion: Criterion
}

/** Everything that decides what is measured of claims. */
export interface ClaimsRequest {
  readonly claims: readonly AskedClaim[]
  /** Of every claim; one whose criterion has its own, or whose grid needs more for the level, gets those unless the user named the number. */
  readonly rounds: number
  readonly roundsAreAsked: boolean
  /** Confidence of intervals. */
  readonly level: number
  readonly durationSeconds: number
  /** Right answers are all that it is about. */
  readonly answersOnly: boolean
  /** For all claims together; null for no limit. */
  readonly budgetSeconds: number | null
  readonly cpus: readonly number[]
  readonly seed: number
  readonly command: string
  /** What was measured before, of the same seed, durations and processors; null to begin anew. */
  readonly earlier: Claims | null
}

/** A claim by cells as it will be played. */
export interface CellClaim extends AskedClaim {
  readonly criterion: CellCriterion
  readonly cells: readonly PlannedCell[]
  readonly plan: CellPlan
  /** Of each steady state. */
  readonly durationSeconds: number
  /** All of them, those of a screen first. */
  readonly rounds: number
}

/** What is told of every step of a claim. */
export interface ClaimEvent {
  readonly id: string
  /** From 1: of the claims that are asked for. */
  readonly number: number
  readonly of: number
  readonly round: number
  readonly rounds: number
  /** Cell of a trial, or label of an arm; null when it concerns all. */
  readonly what: string | null
  /** When a trial has ended; null when something begins. */
  readonly trial: CellTrial | null
  readonly doing: string
}

/** What a measurement of claims tells while it goes on, and who keeps its result. */
export interface ClaimsHooks {
  onEvent(event: ClaimEvent, claims: Claims, advance: Advance): void
  save(claims: Claims): void
  readonly signal: AbortSignal
  /** Whether it ends where all trials of a claim's first round failed `noise`. @default false */
  readonly endsInNoise?: boolean
}

/** Starts and warm-ups of a site's servers, one or two: C05 had 1.95 s for both on two quiet cores. */
const FRESH_SERVERS = { deploy: 0.8, 'warm-up': 1.15 }
/** Of servers that play one set: between 1.3 s for two threads and 4 s for twenty or more. */
const SINGLE_SET_WARM_UP = 1.8

/** How long its steps are taken to be until some have been made. */
export function claimExpectations({
  plan,
  cells,
  durationSeconds,
}: Pick<CellClaim, 'plan' | 'cells' | 'durationSeconds'>): Expectations {
  const arms = cells.map(({ arm }) => arm)
  const { sites, places } = plan
  const warmUp = places.length > sites.length ? FRESH_SERVERS['warm-up'] : SINGLE_SET_WARM_UP
  const expected = replayedExpectations(
    { arms, durationSeconds },
    { ...FRESH_SERVERS, 'warm-up': warmUp },
  )
  const closed = cells.filter(({ load }) => load.kind === 'max').length
  const set = expected.set - closed * Math.max(0, durationSeconds - CLOSED_SECONDS)
  return { ...expected, set: set / places.length }
}

function claimSeconds(request: ClaimsRequest, claim: CellClaim): number {
  const expected = claimExpectations(claim)
  const { sites, places } = claim.plan
  const armsOf = (of: 'arms' | 'searched') => sites.reduce((sum, site) => sum + site[of].length, 0)
  const perRound = (most: number) =>
    Math.min(sites.length, most) * expected.deploy +
    Math.min(armsOf('arms'), most) * (request.answersOnly ? 0 : expected['warm-up']) +
    Math.min(places.length, most) * expected.set
  const screening = claim.criterion.screen?.rounds ?? 0
  return (
    screening * perRound(Infinity) +
    (claim.rounds - screening) * perRound(mostScreened(claim.criterion)) +
    armsOf('searched') * (expected.search + expected['warm-up'])
  )
}

/**
 * A claim as it will be played.
 * @throws CrossoverError of kind `usage` when its rounds cannot reach the level, or its cells cannot be played.
 */
export function planClaim(request: ClaimsRequest, claim: AskedClaim): CellClaim {
  const { loaded, where } = claim
  const criterion = claim.criterion as CellCriterion
  const place = `${where}: criterion ${criterion.id}`
  const cells = plannedCells(criterion, loaded.scenario, place)
  for (const { params, virtualCores } of cells)
    refuseVirtualCores({ ...loaded, params }, virtualCores, request.cpus.length)
  const plan = placesOf(cells, request.cpus.length)
  const rounds = (criterion.screen?.rounds ?? 0) + roundsOf(request, criterion, place)
  const durationSeconds = request.durationSeconds * (criterion.durationTimes ?? 1)
  return { ...claim, criterion, cells, plan, rounds, durationSeconds }
}

/** Rounds that nobody chose: in their place a criterion may have its own. */
const USUAL_ROUNDS = findProfile('default').rounds

/** Behind a screen, if there is one. An even number, so that no order is played more often than its reverse. */
function roundsOf(request: ClaimsRequest, criterion: CellCriterion, where: string): number {
  const { roundsAreAsked, level, answersOnly } = request
  const isChosen = roundsAreAsked || request.rounds !== USUAL_ROUNDS
  const rounds = isChosen ? request.rounds : (criterion.rounds ?? request.rounds)
  const needed = fewestRounds(criterion, level)
  if (rounds >= needed || answersOnly) return rounds
  if (!roundsAreAsked) return needed + (needed % 2)
  throw usageError(
    'rounds',
    `--rounds ${rounds}: ${where} needs at least ${needed} for an interval of ${formatPercent(level)}`,
    `--rounds ${needed} or more, or leave it out`,
  )
}

/** Why a claim cannot be tested with these processors; null when it can. @param memoryNodes of the machine */
export function untestableText(
  criterion: Criterion,
  processors: number,
  memoryNodes: number,
): string | null {
  const { needs = {} } = criterion
  const cores = 'cells' in criterion ? Object.values(criterion.cells).map((cell) => cell.cores) : []
  const numbers = cores.filter((count) => typeof count === 'number')
  const needed = Math.max(1, needs.processors ?? 1, ...numbers)
  if (needed > processors)
    return `it needs ${counted(needed, 'processor')}, and there ${processors === 1 ? 'is 1' : `are ${processors}`}`
  if ((needs.memoryNodes ?? 1) > memoryNodes)
    return `it needs ${needs.memoryNodes} nodes of memory, and this machine has ${memoryNodes}`
  return 'untestable' in criterion ? criterion.untestable : null
}

/** Whether an earlier result of a claim is of the same criterion, so that it can go on. */
export function earlierOf(
  request: ClaimsRequest,
  { loaded, criterion }: AskedClaim,
): ClaimResult | null {
  const text = JSON.stringify(criterion)
  const found = request.earlier?.claims.find(
    ({ scenario, id }) => scenario === loaded.scenario.name && id === criterion.id,
  )
  return found !== undefined && JSON.stringify(found.criterion) === text ? found : null
}

/**
 * A round against the recursions, within CLAIMS' loads. The error is one against the recursion of the trace that was played, so that
 * short trials have no sampling error; each has 100 requests at least, which is what a p99 takes. Where most requests find an idle
 * server, waking its thread and handing the request over take 75 µs or more beside the service, whatever that is: 2 to 4 % of a
 * median of services of 5 ms. They are twice as long there; it does not matter where requests mostly wait.
 */
export const QUEUEING_PLAN = {
  servers: [2, 8],
  utilisations: [0.1, 0.5, 0.8, 0.9, 0.95],
  seconds: 1.2,
  fewestRequests: 100,
  longServices: { upTo: 0.5, times: 2 },
} as const
/** Seconds that `calibrate` gets, and one round against the recursions takes, in a measurement of claims. */
export const CALIBRATION_SECONDS = 20
export const QUEUEING_ROUND_SECONDS = theorySeconds(QUEUEING_PLAN)
/** Rounds against the recursions: 95.3 % can be reached, see `largestError`. */
export const QUEUEING_ROUNDS = 6

/** Of all of a test: one set of it, about. */
const SET_SHARE = 0.02

/** What will be measured and about how long it takes. @param memoryNodes of the machine */
export function planClaims(request: ClaimsRequest, memoryNodes: number): Planned<ClaimsRequest> {
  const { claims, cpus, seed, level } = request
  const testable = claims.filter(
    ({ criterion }) => untestableText(criterion, cpus.length, memoryNodes) === null,
  )
  const lengths = testable.map((claim) => claimLength(request, claim))
  const whole = lengths.reduce((sum, { seconds }) => sum + seconds, 0)
  const { seconds, text } = lengthOf({
    wholeSeconds: whole,
    budgetSeconds: request.budgetSeconds,
    // Of each claim another one; a share stands for them.
    setSeconds: request.answersOnly ? 0 : whole * SET_SHARE,
  })
  const lines = planLines({
    compares: `${counted(claims.length, 'claim')}, ${testable.length} testable here; intervals of ${formatPercent(level)}`,
    measures: measuredTexts(lengths),
    on: [`processors ${cpus.join(', ')}; seed ${seed}`],
    takes: [text, 'every round plays all cells of a claim on fresh servers, in balanced order'],
  })
  const plan: Plan = {
    lines,
    seconds,
    // Each claim has its own.
    expectations: { deploy: 0, 'warm-up': 0, search: 0, capacity: 0, set: 0, aside: 0 },
  }
  return { ...request, plan }
}

/** As many claims as a plan lists one by one. */
const LISTED = 4

function measuredTexts(lengths: readonly ReturnType<typeof claimLength>[]): string[] {
  if (lengths.length <= LISTED)
    return lengths.map(({ what, seconds }) => `${what}, about ${formatSpan(seconds)}`)
  const sorted = lengths.toSorted((a, b) => a.seconds - b.seconds)
  return [
    `each claim by itself, ${formatSpan(sorted[0]!.seconds)} to ${formatSpan(sorted.at(-1)!.seconds)}`,
    `longest ${sorted.at(-1)!.what}`,
  ]
}

/** What is measured of a claim, and for how long. */
function claimLength(
  request: ClaimsRequest,
  claim: AskedClaim,
): { readonly what: string; readonly seconds: number } {
  const { criterion } = claim
  if ('by' in criterion) {
    const isCalibrated = criterion.by === 'calibrate'
    return {
      what: `${criterion.id}: ${isCalibrated ? 'a calibration' : `${QUEUEING_ROUNDS} rounds against the exact recursions`}`,
      seconds: isCalibrated ? CALIBRATION_SECONDS : QUEUEING_ROUNDS * QUEUEING_ROUND_SECONDS,
    }
  }
  const planned = planClaim(request, claim)
  const { cells, rounds, criterion: byCells } = planned
  const screening = byCells.screen?.rounds ?? 0
  const screen =
    screening === 0
      ? ''
      : `${counted(screening, 'round')} of all, then ${mostScreened(byCells)} in `
  return {
    what: `${criterion.id}: ${counted(cells.length, 'cell')}, ${screen}${counted(rounds - screening, 'round')} of ${planned.durationSeconds} s`,
    seconds: claimSeconds(request, planned),
  }
}
