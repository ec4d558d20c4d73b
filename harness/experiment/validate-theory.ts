import { runError } from '../base/errors.ts'
import { combineSeeds } from '../base/random.ts'
import { timeText } from '../base/time-text.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../base/units.ts'
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../contract/architecture.ts'
import type { Trial } from '../results/schema.ts'
import type { ValidationRow } from '../results/validation.ts'
import { rankPercentile } from '../stats/rank-percentile.ts'
import { loadScenario } from './load-scenario.ts'
import {
  expectedResponses,
  overshootNs,
  runTheoryTrial,
  THEORY_SCENARIO,
  theoryServer,
} from './theory-trial.ts'
import { createTrialContext } from './trial-context.ts'
import type { ValidationState } from './validation-state.ts'

/** Largest difference between a measured percentile and the recursion's. */
const THEORY_LIMIT = 0.05
/** Of so many cells one may lie outside. */
const CELLS_PER_MISS = 16

const PERCENTILES = [
  ['p50', 0.5],
  ['p99', 0.99],
] as const

/** Why a row fails whose percentile falls on requests that were never answered. */
export const UNANSWERED_NOTE = 'unanswered requests'

/** What the theory part measures. */
export interface TheoryPlan {
  readonly servers: readonly number[]
  readonly utilisations: readonly number[]
  readonly seconds: number
}

/** The plan of a full and of a quick validation. */
export function theoryPlan(quick: boolean): TheoryPlan {
  return quick
    ? { servers: [8], utilisations: [0.8], seconds: 2.5 }
    : { servers: [2, 8], utilisations: [0.3, 0.5, 0.7, 0.8], seconds: 6 }
}

/**
 * Queueing theory: one shared queue against the Kiefer–Wolfowitz recursion, a queue per server against Lindley's, each
 * on the trace that was played.
 */
export async function validateTheory(state: ValidationState): Promise<void> {
  const plan = theoryPlan(state.request.quick)
  const loaded = await loadScenario(THEORY_SCENARIO, {})
  for (const servers of plan.servers) {
    const built = ARCHITECTURE_NAMES.map((architecture) => {
      const { arm, virtualCores } = theoryServer(architecture, servers)
      const { cpus } = state.request
      return {
        arm,
        context: createTrialContext({
          loaded,
          arms: [arm],
          cpus,
          virtualCores,
          signal: state.signal,
        }),
      }
    })
    for (const [cell, utilisation] of plan.utilisations.entries()) {
      for (const { arm, context } of built) {
        const subject = `${arm.architecture}, ${servers} servers, ${Math.round(utilisation * 100)} %`
        state.started('theory', subject)
        const seed = combineSeeds(state.request.seed, servers, cell)
        const played = await runTheoryTrial(context, {
          arm,
          servers,
          utilisation,
          seconds: plan.seconds,
          seed,
        })
        const { trial } = played
        if (trial.void !== null) throw runError('void', `void: ${subject}: ${trial.void}`)
        const overshoot = overshootNs(trial)
        const expected = expectedResponses(played, arm.architecture === 'staged', { overshoot })
        for (const [figure, fraction] of PERCENTILES) {
          state.add(theoryRow(subject, figure, trial, rankPercentile(expected, fraction)))
        }
      }
    }
  }
  for (const architecture of ARCHITECTURE_NAMES) summarise(state, architecture)
}

/** A cell of the table. Fails where requests were never answered: their percentile is only bounded from below. */
export function theoryRow(
  subject: string,
  figure: 'p50' | 'p99',
  trial: Pick<Trial, 'percentiles' | 'threads' | 'counts' | 'counters'>,
  expected: number,
): ValidationRow {
  const { ns, atLeast } = trial.percentiles[figure]
  const difference = ns / expected - 1
  const passed = !atLeast && Math.abs(difference) <= THEORY_LIMIT
  return {
    part: 'theory',
    subject,
    figure,
    measured: ns,
    expected,
    unit: 'ns',
    difference,
    limit: THEORY_LIMIT,
    passed,
    note: [
      overshootNote(trial),
      ...(passed ? [] : [...(atLeast ? [UNANSWERED_NOTE] : []), runQueueNote(trial)]),
    ].join('; '),
  }
}

/** Part of what is expected. */
function overshootNote(trial: Pick<Trial, 'counters'>): string {
  return `services took ${timeText(overshootNs(trial))} longer than asked, counted in`
}

/** What the kernel says of waiting for a processor: noise that the server cannot help. */
function runQueueNote(trial: Pick<Trial, 'threads' | 'counts'>): string {
  const waits = trial.threads.map((thread) => thread.runQueueWaitSeconds ?? 0)
  const total = waits.reduce((sum, wait) => sum + wait, 0)
  const perRequestMs = ((total / Math.max(1, trial.counts.completed)) * NS_PER_SECOND) / NS_PER_MS
  return `its threads waited ${perRequestMs.toPrecision(2)} ms per request for a processor`
}

function summarise(state: ValidationState, architecture: ArchitectureName): void {
  const rows = state.validation.rows.filter(
    (row) => row.part === 'theory' && row.subject.startsWith(`${architecture},`),
  )
  const passed = rows.filter((row) => row.passed).length
  const needed = rows.length - Math.floor(rows.length / CELLS_PER_MISS)
  const recursion = architecture === 'staged' ? 'Kiefer–Wolfowitz' : 'Lindley'
  state.validation.summaries.push({
    part: 'theory',
    passed: passed >= needed,
    sentence: `${architecture} against ${recursion}: ${passed} of ${rows.length} percentiles within ${THEORY_LIMIT * 100} %, at least ${needed} needed`,
  })
  state.save()
}
