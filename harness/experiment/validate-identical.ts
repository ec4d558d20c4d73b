import { combineSeeds } from '../base/random.ts'
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../contract/architecture.ts'
import { MACHINE_FILE, saveMachine } from '../results/machine.ts'
import { COMPARISON_NAMES, type Report } from '../results/schema.ts'
import type { IdenticalRun, Machine, Validation, ValidationRow } from '../results/validation.ts'
import { bandOf, FEWEST_BAND_RUNS } from '../stats/band.ts'
import { fewestPairs } from '../stats/verdict.ts'
import { loadScenario } from './load-scenario.ts'
import { chooseComparisons, parseTwoArms } from './parse-arms.ts'
import type { LoadedScenario, LoadRequest, RunRequest } from './run-request.ts'
import { runExperiment } from './run.ts'
import type { ValidationState } from './validation-state.ts'

const SCENARIO = 'kv-update'
const METRIC = 'p99'
const HALF_LOAD: LoadRequest = { kind: 'percent', label: '50%', percent: 50 }
/** A quick validation spends no time on the capacity. */
const QUICK_LOAD: LoadRequest = { kind: 'absolute', label: '200000/s', perSecond: 200_000 }
/** And so much on a run: more trials are repeated only when there is time. */
const QUICK_RUN_SECONDS = 25
const LEVEL = 0.95
const PAIRS = 6
/** Share of judged A/A runs that may name a winner. */
const FALSE_SHARE = 0.05
/** Of more trials than that having failed a gate, no band is made: it would be that of a disturbed machine. */
const LARGEST_MARKED_SHARE = 0.1

/** Steady state of the trials of an A/A run: not longer than a run's, so that the band is not too narrow for it. */
export function identicalSeconds(quick: boolean): number {
  return quick ? 0.2 : 0.5
}

/** Which architectures meet themselves: in a quick validation one must do. */
export function identicalArchitectures(quick: boolean): readonly ArchitectureName[] {
  return quick ? ['sharded'] : ARCHITECTURE_NAMES
}

/**
 * A/A: each architecture against itself. Whatever differs is the machine's noise, and a verdict that names a winner is
 * false. Judged by the band that an earlier validation left, never by these runs' own; of at least 20 runs of each
 * architecture a new band is made and left for later runs.
 */
export async function validateIdentical(state: ValidationState): Promise<void> {
  const { request, validation } = state
  const loaded = await loadScenario(SCENARIO, {})
  const load = request.quick ? QUICK_LOAD : await halfLoad(state, loaded)
  let judgedBy: string | null = null
  for (let run = 0; run < request.identicalRuns; run++) {
    // Alternating: the machine drifts, and neither architecture should have all of its worse half.
    for (const architecture of identicalArchitectures(request.quick)) {
      state.started(
        'aa',
        `${architecture} against itself, run ${run + 1} of ${request.identicalRuns}`,
      )
      const seed = combineSeeds(request.seed, run, ARCHITECTURE_NAMES.indexOf(architecture))
      const asked = runRequest(state, loaded, `${architecture},${architecture}`, seed, load)
      const report = await runExperiment(asked, silent(state))
      judgedBy = report.band?.measuredAt ?? null
      validation.identicalRuns.push(identicalRun(architecture, report))
      state.save()
    }
  }
  const runs = validation.identicalRuns
  for (const architecture of identicalArchitectures(request.quick))
    state.add(identicalRow(runs, architecture))
  validation.summaries.push(identicalSummary(runs, judgedBy))
  // The capacity of a quick validation is not known: its runs say nothing about a load in percent.
  if (!request.quick && request.identicalRuns >= FEWEST_BAND_RUNS) leaveBand(state)
  state.save()
}

function silent(state: ValidationState) {
  return { onEvent: () => {}, save: () => {}, signal: state.signal }
}

function runRequest(
  { request }: ValidationState,
  loaded: LoadedScenario,
  arms: string,
  seed: number,
  load: LoadRequest,
): RunRequest {
  return {
    loaded,
    arms: parseTwoArms(arms),
    comparisons: chooseComparisons(parseTwoArms(arms)),
    loads: [load],
    rounds: PAIRS,
    metric: METRIC,
    level: LEVEL,
    precision: null,
    objective: null,
    virtualCores: null,
    transport: { kind: 'replay' },
    machineFolder: request.machineFolder,
    durationSeconds: identicalSeconds(request.quick),
    budgetSeconds: request.quick ? QUICK_RUN_SECONDS : null,
    cpus: request.cpus,
    seed,
    profile: 'validate',
    command: request.command,
  }
}

/** Half of what the smaller arm sustains, as one round of a run would offer it. */
async function halfLoad(state: ValidationState, loaded: LoadedScenario): Promise<LoadRequest> {
  state.started('aa', 'capacity')
  const arms = ARCHITECTURE_NAMES.join()
  const asked = { ...runRequest(state, loaded, arms, state.request.seed, HALF_LOAD), rounds: 1 }
  const report = await runExperiment(asked, silent(state))
  const perSecond = report.loads[0]!.offeredPerSecond!
  return { kind: 'absolute', label: HALF_LOAD.label, perSecond }
}

function identicalRun(arm: string, report: Report): IdenticalRun {
  const [load] = report.loads
  const { ratios: comparison, verdict } = load!.comparisons[0]!
  return {
    arm,
    load: load!.label,
    pairs: comparison?.[METRIC]?.n ?? 0,
    ratios: Object.fromEntries(COMPARISON_NAMES.map((name) => [name, comparison?.[name] ?? null])),
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

/** Winners that all runs of both architectures may name together. */
function allowed(runs: readonly IdenticalRun[]): number {
  return Math.floor(FALSE_SHARE * runs.filter(isJudged).length)
}

/** The row of one architecture among all runs. */
export function identicalRow(all: readonly IdenticalRun[], architecture: string): ValidationRow {
  const runs = all.filter((run) => run.arm === architecture)
  const winners = runs.filter(namesWinner).length
  const limit = allowed(all)
  const judged = runs.filter(isJudged).length
  const load = runs[0]?.load.replace('%', ' %') ?? 'no load'
  return {
    part: 'aa',
    subject: `${architecture} against itself at ${load}, ${runs.length === 1 ? 'one run' : `${runs.length} runs`} of ${pairsText(runs)}`,
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
  return most === 1 ? '1 pair' : `${most} pairs`
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
      ? `judged without a band: the next validation judges fresh runs by the band that ${FEWEST_BAND_RUNS} runs or more leave`
      : `judged by the band of ${judgedBy}`
  const gap = judged === runs.length ? '' : `; ${notJudged(judged, runs.length)}`
  return {
    part: 'aa',
    passed: judged > 0 && winners <= limit,
    sentence: `an architecture against itself: ${winners} of ${runs.length} runs named a winner, at most ${limit} may${gap}; ${judge}`,
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

/** Per load and metric the larger band of both architectures, of the runs that were judged; or why there is none. */
export function machineBands(
  all: readonly IdenticalRun[],
): { readonly bands: Machine['bands'] } | { readonly why: string } {
  const runs = all.filter(isJudged)
  const marked = runs.reduce((sum, run) => sum + run.markedTrials, 0)
  const trials = runs.reduce((sum, run) => sum + 2 * run.pairs, 0)
  if (marked > LARGEST_MARKED_SHARE * trials) {
    return {
      why: `${marked} of ${trials} trials failed a validity gate (limit ${LARGEST_MARKED_SHARE * 100} %)`,
    }
  }
  const loads = [...new Set(runs.map((run) => run.load))]
  const bands = loads.flatMap((load) =>
    COMPARISON_NAMES.flatMap((metric) => {
      const ofArms = ARCHITECTURE_NAMES.map((architecture) =>
        runs
          .filter((run) => run.arm === architecture && run.load === load)
          .flatMap((run) => run.ratios[metric]?.value ?? []),
      )
      if (ofArms.some((ratios) => ratios.length < FEWEST_BAND_RUNS)) return []
      return [{ load, metric, ratio: Math.max(...ofArms.map(bandOf)) }]
    }),
  )
  return bands.some(({ metric }) => metric === METRIC)
    ? { bands }
    : { why: `fewer than ${FEWEST_BAND_RUNS} runs of an architecture were judged` }
}
