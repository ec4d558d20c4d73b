import { combineSeeds } from '../base/random.ts'
import { ARCHITECTURE_NAMES } from '../contract/architecture.ts'
import { MACHINE_FILE, saveMachine } from '../results/machine.ts'
import { COMPARISON_NAMES, type Report } from '../results/schema.ts'
import type { IdenticalRun, Machine } from '../results/validation.ts'
import { bandOf, FEWEST_BAND_RUNS } from '../stats/band.ts'
import { loadScenario } from './load-scenario.ts'
import { measureCapacity } from './measure-capacity.ts'
import { emptyReport } from './empty-report.ts'
import { parseArms } from './parse-arms.ts'
import type { LoadedScenario, RunRequest } from './run-request.ts'
import { RunState } from './run-state.ts'
import { runExperiment } from './run.ts'
import { createTrialContext } from './trial-context.ts'
import type { ValidationState } from './validation-state.ts'

const SCENARIO = 'kv-update'
const METRIC = 'p99'
const LOAD = { label: '50%', share: 0.5 }
/** A quick validation spends no time on the capacity. */
const QUICK_LOAD = { label: '200000/s', perSecond: 200_000 }
/** And so much on a run: more trials are repeated only when there is time. */
const QUICK_RUN_SECONDS = 17
const LEVEL = 0.95
const PAIRS = 6
/** Share of A/A runs that may name a winner. */
const FALSE_SHARE = 0.05

/** Steady state of the trials of an A/A run: not longer than a run's, so that the band is not too narrow for it. */
export function identicalSeconds(quick: boolean): number {
  return quick ? 0.2 : 0.5
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
    for (const architecture of ARCHITECTURE_NAMES) {
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
  for (const architecture of ARCHITECTURE_NAMES) addRow(state, architecture)
  summarise(state, judgedBy)
  if (request.identicalRuns >= FEWEST_BAND_RUNS) leaveBand(state)
}

function silent(state: ValidationState) {
  return { onEvent: () => {}, save: () => {}, signal: state.signal }
}

function runRequest(
  { request }: ValidationState,
  loaded: LoadedScenario,
  arms: string,
  seed: number,
  load: AbsoluteLoad,
): RunRequest {
  return {
    loaded,
    arms: parseArms(arms, {}),
    loads: [{ kind: 'absolute', ...load }],
    pairs: PAIRS,
    metric: METRIC,
    level: LEVEL,
    precision: null,
    objective: null,
    virtualCores: null,
    machineFolder: request.machineFolder,
    durationSeconds: identicalSeconds(request.quick),
    budgetSeconds: request.quick ? QUICK_RUN_SECONDS : null,
    cpus: request.cpus,
    seed,
    profile: 'validate',
    reference: null,
    command: request.command,
  }
}

interface AbsoluteLoad {
  readonly label: string
  readonly perSecond: number
}

/** Half of the smaller capacity, as a run would offer it. */
async function halfLoad(state: ValidationState, loaded: LoadedScenario): Promise<AbsoluteLoad> {
  state.started('aa', 'capacity')
  const arms = ARCHITECTURE_NAMES.join()
  const asked = runRequest(state, loaded, arms, state.request.seed, QUICK_LOAD)
  const context = createTrialContext({ ...asked, signal: state.signal })
  const run = new RunState(asked, context, emptyReport(asked, true), silent(state))
  await measureCapacity(run)
  return { label: LOAD.label, perSecond: LOAD.share * run.smallerCapacity()! }
}

function identicalRun(arm: string, report: Report): IdenticalRun {
  const [load] = report.loads
  const { comparison, verdict } = load!
  return {
    arm,
    load: load!.label,
    ratios: Object.fromEntries(COMPARISON_NAMES.map((name) => [name, comparison?.[name] ?? null])),
    winner: verdict?.winner ?? 'inconclusive',
    markedTrials: verdict?.markedTrials ?? 0,
  }
}

function namesWinner({ winner }: IdenticalRun): boolean {
  return winner !== 'none' && winner !== 'inconclusive'
}

/** Winners that all runs of both architectures may name together. */
function allowed({ validation }: ValidationState): number {
  return Math.ceil(FALSE_SHARE * validation.identicalRuns.length)
}

function addRow(state: ValidationState, architecture: string): void {
  const runs = state.validation.identicalRuns.filter((run) => run.arm === architecture)
  const winners = runs.filter(namesWinner).length
  const limit = allowed(state)
  state.add({
    part: 'aa',
    subject: `${architecture} against itself at ${runs[0]?.load.replace('%', ' %')}, ${runs.length === 1 ? 'one run' : `${runs.length} runs`} of ${PAIRS} pairs`,
    figure: 'winners named',
    measured: winners,
    expected: 0,
    unit: 'verdicts',
    difference: null,
    limit,
    passed: winners <= limit,
    note: '',
  })
}

function summarise(state: ValidationState, judgedBy: string | null): void {
  const runs = state.validation.identicalRuns
  const winners = runs.filter(namesWinner).length
  const limit = allowed(state)
  const judge =
    judgedBy === null
      ? 'judged without a band: the next validation judges fresh runs by the band that 20 runs or more leave'
      : `judged by the band of ${judgedBy}`
  state.validation.summaries.push({
    part: 'aa',
    passed: winners <= limit,
    sentence: `each architecture against itself: ${winners} of ${runs.length} runs named a winner, at most ${limit} may; ${judge}`,
  })
  state.save()
}

/** Leaves the machine's band for later runs: per metric the larger one of both architectures. */
function leaveBand({ request, validation }: ValidationState): void {
  const bands = COMPARISON_NAMES.flatMap((metric) => {
    const ofArms = ARCHITECTURE_NAMES.map((architecture) => {
      const ratios = validation.identicalRuns
        .filter((run) => run.arm === architecture)
        .flatMap((run) => run.ratios[metric]?.value ?? [])
      return ratios.length >= FEWEST_BAND_RUNS ? bandOf(ratios) : null
    })
    if (ofArms.some((band) => band === null)) return []
    return [{ load: LOAD.label, metric, ratio: Math.max(...ofArms.map((band) => band!)) }]
  })
  const machine: Machine = {
    machineVersion: 1,
    measuredAt: validation.startedAt,
    environment: validation.environment,
    scenario: SCENARIO,
    runs: request.identicalRuns,
    pairs: PAIRS,
    durationSeconds: identicalSeconds(request.quick),
    bands,
  }
  saveMachine(request.machineFolder, machine)
  validation.warnings.push({
    code: 'band-left',
    message: `the band of these runs is in ${request.machineFolder}/${MACHINE_FILE}`,
    cure: 'run validate again to judge fresh A/A runs by it; measure it anew when the machine changes',
  })
}
