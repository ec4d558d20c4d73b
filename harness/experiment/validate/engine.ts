import { parseTwoArms, TWO_DEFAULT_ARMS } from '../../asked/arms.ts'
import { parseLoads } from '../../asked/loads.ts'
import { combineSeeds } from '../../base/random.ts'
import type { Arm } from '../../contract/architecture.ts'
import type { ComparedArms, Estimate, Load } from '../../results/schema.ts'
import type { Validation, ValidationRow } from '../../results/validate.ts'
import { loadScenario } from '../../scenario/load.ts'
import { type PairLog, productLog, ratioOverPairs } from '../../stats/ratio-over-pairs.ts'
import { logsOver, wholeRounds } from '../../stats/sound-rounds.ts'
import { NODES_OWN_FLAGS } from '../../trial/message-process.ts'
import { counted, formatBounds, formatQuantity, RATIO } from '../../words/format.ts'
import { soundSet } from '../../words/metrics.ts'
import { spaced } from '../../words/verdict.ts'
import { LEVEL, runInside, type ValidationState } from './state.ts'

const SCENARIO = 'kv-update'
const LOADS = '20%,50%,80%'
const METRIC = 'p99'
const ROUNDS = 8
const TRIAL_SECONDS = 0.5
/** Draws its seeds beside those of other parts. */
const SEED = 11
/** Start, warm-up, capacity of four servers, and their trials. */
const ROUND_SECONDS = 30

/** About how long it takes. */
export const ENGINE_SECONDS = ROUNDS * ROUND_SECONDS

/** What a load says under the harness's flags, under node's own, and how far both are apart; by the same rounds. */
export interface EngineComparison {
  readonly load: string
  /** sharded ÷ staged; null where there is none. */
  readonly usual: Ratio
  readonly other: Ratio
  /** The second one ÷ the first one. */
  readonly apart: Ratio
  /** Label of an architecture, `none` or `inconclusive`. */
  readonly usualWinner: string
  readonly otherWinner: string
}
type Ratio = Estimate | null

/**
 * The default comparison under the flags of the runtime that servers have here and under node's own, in the same rounds: whether
 * the verdict is the engine's.
 */
export async function validateEngine(state: ValidationState): Promise<void> {
  const { request } = state
  state.started('engine', `${SCENARIO} under two sets of flags`)
  const usual = parseTwoArms(TWO_DEFAULT_ARMS)
  const other = usual.map((arm) => ({ ...arm, label: `${arm.label}, node’s own flags` }))
  const report = await runInside(state, {
    loaded: await loadScenario(SCENARIO, {}),
    arms: [...usual, ...other],
    comparisons: [comparisonOf(usual), comparisonOf(other)],
    loads: parseLoads(LOADS),
    rounds: ROUNDS,
    metric: METRIC,
    durationSeconds: TRIAL_SECONDS,
    seed: combineSeeds(request.seed, SEED),
    flags: Object.fromEntries(other.map(({ label }) => [label, NODES_OWN_FLAGS])),
  })
  const loads = report.loads.map(compareEngines)
  for (const load of loads) {
    const row = engineRow(load)
    if (row !== null) state.add(row)
  }
  state.conclude(engineSummary(loads))
}

function comparisonOf([first, second]: readonly Arm[]): ComparedArms {
  return { first: first!.label, second: second!.label }
}

/** By the verdicts of the run itself. @param comparisons under the usual flags, and under the others */
export function compareEngines({
  label,
  sets,
  comparisons,
}: Pick<Load, 'label' | 'sets' | 'comparisons'>): EngineComparison {
  const [usual, other] = comparisons.map(({ verdict }) => verdict?.ratio ?? null)
  const [usualWinner, otherWinner] = comparisons.map(winnerOf)
  const whole = wholeRounds(
    sets.map(soundSet),
    comparisons.flatMap(({ first, second }) => [first, second]),
  )
  const [usualLogs, otherLogs] = comparisons.map(({ first, second }) =>
    logsOver(whole, first, second, METRIC),
  )
  const logs = whole.map((_, pair) => productLog([otherLogs![pair]!, inverse(usualLogs![pair]!)]))
  const isComparable = usual !== null && other !== null
  return {
    load: label,
    usual: usual ?? null,
    other: other ?? null,
    // Where an arm does not keep up, or the machine was noisy, there is nothing to be apart.
    apart: isComparable ? ratioOverPairs(logs, LEVEL) : null,
    usualWinner: usualWinner!,
    otherWinner: otherWinner!,
  }
}

function inverse(log: PairLog | null): PairLog | null {
  return typeof log === 'number' ? -log : log
}

/** Label of the architecture alone, without the flags. */
function winnerOf({ first, second, verdict }: Load['comparisons'][number]): string {
  const [staged, sharded] = TWO_DEFAULT_ARMS.split(',')
  if (verdict?.winner === first) return staged!
  if (verdict?.winner === second) return sharded!
  return verdict?.winner ?? 'inconclusive'
}

/** The verdict is another one: both are decided, and not alike. */
function isOther({ usualWinner, otherWinner }: EngineComparison): boolean {
  return usualWinner !== otherWinner && !isOpen(usualWinner) && !isOpen(otherWinner)
}

function isOpen(winner: string): boolean {
  return winner === 'inconclusive'
}

/** Null where there is nothing to compare. */
export function engineRow(comparison: EngineComparison): ValidationRow | null {
  const { load, apart } = comparison
  if (apart === null || !(apart.value > 0 && apart.value < Infinity)) return null
  return {
    part: 'engine',
    subject: `${SCENARIO} at ${load}, sharded ÷ staged under node’s own flags ÷ the same under the harness’s`,
    figure: METRIC,
    measured: apart.value,
    expected: 1,
    unit: '×',
    // How far apart they may be is not asked, only whether the verdict is the same.
    difference: null,
    limit: 0,
    passed: !isOther(comparison),
    note: isOther(comparison) ? 'the verdict is another one' : '',
  }
}

/** One sentence: whether the verdict depends on the flags, with the figures. */
export function engineSummary(loads: readonly EngineComparison[]): Validation['summaries'][number] {
  const others = loads.filter(isOther)
  const open = loads.filter(
    ({ usualWinner, otherWinner }) => isOpen(usualWinner) || isOpen(otherWinner),
  )
  const figures = loads.map(
    ({ load, usual, other, apart, usualWinner, otherWinner }) =>
      `at ${spaced(load)} ${text(usual)} (${winnerText(usualWinner)}) and ${text(other)} (${winnerText(otherWinner)}), ${text(apart)} apart`,
  )
  const says =
    others.length > 0
      ? `the verdict depends on the runtime’s flags at ${others.map(({ load }) => load).join(', ')}`
      : open.length === loads.length
        ? 'whether the verdict depends on the runtime’s flags is open'
        : open.length > 0
          ? `where both are decided the verdict does not depend on the runtime’s flags; at ${open.map(({ load }) => load).join(', ')} that is open`
          : 'the verdict does not depend on the runtime’s flags'
  return {
    part: 'engine',
    passed: others.length === 0,
    sentence: `${says}: ${SCENARIO}, sharded’s ${METRIC} ÷ staged’s under the harness’s flags and under node’s own: ${figures.join('; ')}`,
  }
}

function winnerText(winner: string): string {
  if (isOpen(winner)) return 'open'
  return winner === 'none' ? 'no difference' : `${winner} wins`
}

/** `0.31× (0.26–0.38, 8 rounds)`. */
function text(ratio: Ratio): string {
  if (ratio === null) return 'no ratio'
  return `${formatQuantity(ratio.value, RATIO)} (${formatBounds(ratio, RATIO)}, ${counted(ratio.n, 'round')})`
}
