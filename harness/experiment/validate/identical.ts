import { chooseComparisons, parseTwoArms } from '../../asked/arms.ts'
import type { LoadedScenario, LoadRequest } from '../../asked/requests.ts'
import { combineSeeds } from '../../base/random.ts'
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../../contract/architecture.ts'
import { MACHINE_FILE, saveMachine } from '../../results/machine.ts'
import { COMPARISON_NAMES, type Load, type Report } from '../../results/schema.ts'
import type { IdenticalRun, Machine, Validation, ValidationRow } from '../../results/validate.ts'
import { loadScenario } from '../../scenario/load.ts'
import { bandOf, FEWEST_BAND_RUNS, fewestPairs } from '../../stats/verdict.ts'
import { counted, formatPercent } from '../../words/format.ts'
import { spaced } from '../../words/verdict.ts'
import { LEVEL, runInside, type ValidationState } from './state.ts'

const SCENARIO = 'kv-update'
const METRIC = 'p99'
/** What a server meets itself at: nearly idle, and half full. */
const LOADS: readonly LoadRequest[] = [20, 50].map((percent) => ({
  kind: 'percent',
  label: `${percent}%`,
  percent,
}))
/** A quick validation spends no time on the capacity. */
const QUICK_LOADS: readonly LoadRequest[] = [
  { kind: 'absolute', label: '200000/s', perSecond: 200_000 },
]
/** And so much on a run, at most: in 25 s five of the six rounds came about on two shared cores, and nothing was judged. */
const QUICK_RUN_SECONDS = 35
const PAIRS = 8
const QUICK_PAIRS = 6
/** Share of verdicts that name a winner where there is none, and how rarely a right harness may exceed what is allowed. */
const FALSE_SHARE = 0.05
const RARELY = 0.02
/** Of more trials than that having failed a gate, no band is made: it would be that of a disturbed machine. */
const LARGEST_MARKED_SHARE = 0.1

/** Steady state of the trials of an A/A run: not longer than a run's, so that the band is not too narrow for it. */
export function identicalSeconds(quick: boolean): number {
  return quick ? 0.2 : 0.5
}

/** Rounds of one A/A run, and loads at which each has a verdict. */
export function identicalPlan(quick: boolean): { readonly rounds: number; readonly loads: number } {
  return quick
    ? { rounds: QUICK_PAIRS, loads: QUICK_LOADS.length }
    : { rounds: PAIRS, loads: LOADS.length }
}

/** Which architectures meet themselves: in a quick validation one must do. */
export function identicalArchitectures(quick: boolean): readonly ArchitectureName[] {
  return quick ? ['sharded'] : ARCHITECTURE_NAMES
}

/**
 * A/A: each architecture against itself. Whatever differs is the machine's noise, and a verdict that names a winner is
 * false. Judged by the band that an earlier validation left, never by these runs' own; of at least 20 verdicts at a load
 * a new band is made and left for later runs.
 */
export async function validateIdentical(state: ValidationState): Promise<void> {
  const { request, validation } = state
  const loaded = await loadScenario(SCENARIO, {})
  const loads = request.quick ? QUICK_LOADS : await absoluteLoads(state, loaded)
  let judgedBy: string | null = null
  for (let run = 0; run < request.identicalRuns; run++) {
    // Alternating: the machine drifts, and neither architecture should have all of its worse half.
    for (const architecture of identicalArchitectures(request.quick)) {
      state.started(
        'aa',
        `${architecture} against itself, run ${run + 1} of ${request.identicalRuns}`,
      )
      const seed = combineSeeds(request.seed, run, ARCHITECTURE_NAMES.indexOf(architecture))
      const arms = `${architecture},${architecture}`
      const report = await identicalRunOf(state, loaded, arms, seed, loads)
      judgedBy = report.band?.measuredAt ?? null
      for (const load of report.loads)
        validation.identicalRuns.push(identicalRun(architecture, load))
      state.save()
    }
  }
  const runs = validation.identicalRuns
  for (const architecture of identicalArchitectures(request.quick))
    state.add(identicalRow(runs, architecture))
  state.conclude(identicalSummary(runs, judgedBy))
  // The capacity of a quick validation is not known: its runs say nothing about a load in percent.
  if (!request.quick && 2 * request.identicalRuns >= FEWEST_BAND_RUNS) leaveBand(state)
  state.save()
}

function identicalRunOf(
  state: ValidationState,
  loaded: LoadedScenario,
  arms: string,
  seed: number,
  loads: readonly LoadRequest[],
  rounds = identicalPlan(state.request.quick).rounds,
): Promise<Report> {
  const { quick } = state.request
  return runInside(state, {
    loaded,
    arms: parseTwoArms(arms),
    comparisons: chooseComparisons(parseTwoArms(arms)),
    loads,
    rounds,
    metric: METRIC,
    durationSeconds: identicalSeconds(quick),
    budgetSeconds: quick ? QUICK_RUN_SECONDS : null,
    seed,
  })
}

/** Shares of what the smaller arm sustains, as one round of a run would offer them. */
async function absoluteLoads(
  state: ValidationState,
  loaded: LoadedScenario,
): Promise<readonly LoadRequest[]> {
  state.started('aa', 'capacity')
  const arms = ARCHITECTURE_NAMES.join()
  const report = await identicalRunOf(state, loaded, arms, state.request.seed, LOADS, 1)
  return report.loads.map(({ label, offeredPerSecond }) => ({
    kind: 'absolute',
    label,
    perSecond: offeredPerSecond!,
  }))
}

function identicalRun(arm: string, { label, comparisons }: Load): IdenticalRun {
  const { ratios, verdict } = comparisons[0]!
  return {
    arm,
    load: label,
    pairs: ratios?.[METRIC]?.n ?? 0,
    ratios: Object.fromEntries(COMPARISON_NAMES.map((name) => [name, ratios?.[name] ?? null])),
    winner: verdict?.winner ?? 'inconclusive',
    markedTrials: verdict?.markedTrials ?? 0,
  }
}

function namesWinner({ winner }: IdenticalRun): boolean {
  return winner !== 'none' && winner !== 'inconclusive'
}

/** Whether a verdict could have named a winner at all: too few pairs, or none with an answer, are never decided. */
function isJudged({ pairs }: Pick<IdenticalRun, 'pairs'>): boolean {
  return pairs >= fewestPairs(LEVEL)
}

/**
 * Winners that all verdicts together may name: the fewest that a right harness, whose verdicts are false in 5 %, exceeds in less than
 * 2 % of validations; 5 of 40, where it names more in 1.4 %, and one that is false in 15 % does in 57 %. Never all of them.
 */
function allowedWinners(verdicts: number): number {
  let probability = (1 - FALSE_SHARE) ** verdicts
  let atMost = probability
  let winners = 0
  while (1 - atMost > RARELY && winners < verdicts - 1) {
    winners++
    probability *= ((verdicts - winners + 1) / winners) * (FALSE_SHARE / (1 - FALSE_SHARE))
    atMost += probability
  }
  return winners
}

function allowed(runs: readonly IdenticalRun[]): number {
  return allowedWinners(runs.filter(isJudged).length)
}

/** The row of one architecture among all runs. */
export function identicalRow(all: readonly IdenticalRun[], architecture: string): ValidationRow {
  const runs = all.filter((run) => run.arm === architecture)
  const winners = runs.filter(namesWinner).length
  const limit = allowed(all)
  const judged = runs.filter(isJudged).length
  const loads = [...new Set(runs.map((run) => spaced(run.load)))]
  const load = loads.length === 0 ? 'no load' : loads.join(' and ')
  return {
    part: 'aa',
    subject: `${architecture} against itself at ${load}, ${runs.length === 1 ? 'one verdict' : `${runs.length} verdicts`} of ${pairsText(runs)}`,
    figure: 'winners named',
    measured: winners,
    expected: 0,
    unit: 'verdicts',
    difference: null,
    limit,
    passed: judged > 0 && winners <= limit,
    note: judged === runs.length ? '' : notJudged(judged, runs.length),
  }
}

function pairsText(runs: readonly IdenticalRun[]): string {
  const pairs = runs.map((run) => run.pairs)
  const [fewest, most] = [Math.min(...pairs), Math.max(...pairs)]
  if (fewest !== most) return `${fewest} to ${most} pairs`
  return counted(most, 'pair')
}

function notJudged(judged: number, of: number): string {
  return `${judged} of ${of} judged: the others have fewer than ${fewestPairs(LEVEL)} pairs or no ratio`
}

/** The part as a whole. Fails when no run was judged: nothing was tested. @param judgedBy when the band was made */
export function identicalSummary(
  runs: readonly IdenticalRun[],
  judgedBy: string | null,
): Validation['summaries'][number] {
  const winners = runs.filter(namesWinner).length
  const limit = allowed(runs)
  const judged = runs.filter(isJudged).length
  const judge =
    judgedBy === null
      ? `judged without a band: the next validation judges fresh runs by the band that ${FEWEST_BAND_RUNS} verdicts at a load or more leave`
      : `judged by the band of ${judgedBy}`
  const gap = judged === runs.length ? '' : `; ${notJudged(judged, runs.length)}`
  // No winner where none could be named is no success: it must not read like one.
  if (judged === 0)
    return {
      part: 'aa',
      passed: false,
      sentence: `an architecture against itself: not tested${gap}; end other programs and run it again`,
    }
  return {
    part: 'aa',
    passed: judged > 0 && winners <= limit,
    sentence: `an architecture against itself: ${winners} of ${runs.length} verdicts named a winner, at most ${limit} may${gap}; ${judge}`,
  }
}

/** Leaves the machine's band for later runs, or says why not; an earlier one then stays. */
function leaveBand({ request, validation }: ValidationState): void {
  const made = machineBands(validation.identicalRuns)
  if ('why' in made) {
    validation.warnings.push({
      code: 'band-not-left',
      message: `no band is left of these runs: ${made.why}`,
      cure: 'end other programs, or keep them off these processors, and run validate again',
    })
    return
  }
  const machine: Machine = {
    machineVersion: 1,
    measuredAt: validation.startedAt,
    environment: validation.environment,
    cpus: [...request.cpus],
    scenario: SCENARIO,
    runs: request.identicalRuns,
    pairs: PAIRS,
    durationSeconds: identicalSeconds(request.quick),
    bands: [...made.bands],
  }
  saveMachine(request.machineFolder, machine)
  validation.notes.push(
    `The band of these runs is in ${request.machineFolder}/${MACHINE_FILE}: run validate again to judge fresh A/A runs by it, and measure it anew when the machine changes.`,
  )
}

/** Per load and metric the band of both architectures' verdicts that were judged; or why there is none. */
export function machineBands(
  all: readonly IdenticalRun[],
): { readonly bands: Machine['bands'] } | { readonly why: string } {
  const runs = all.filter(isJudged)
  const marked = runs.reduce((sum, run) => sum + run.markedTrials, 0)
  const trials = runs.reduce((sum, run) => sum + 2 * run.pairs, 0)
  if (marked > LARGEST_MARKED_SHARE * trials) {
    return {
      why: `${marked} of ${trials} trials failed a validity gate (limit ${formatPercent(LARGEST_MARKED_SHARE)})`,
    }
  }
  const loads = [...new Set(runs.map((run) => run.load))]
  const bands = loads.flatMap((load) =>
    COMPARISON_NAMES.flatMap((metric) => {
      const ratios = runs
        .filter((run) => run.load === load)
        .flatMap((run) => run.ratios[metric]?.value ?? [])
      return ratios.length < FEWEST_BAND_RUNS ? [] : [{ load, metric, ratio: bandOf(ratios) }]
    }),
  )
  return bands.some(({ metric }) => metric === METRIC)
    ? { bands }
    : { why: `fewer than ${FEWEST_BAND_RUNS} verdicts at a load were judged` }
}
