import type { Gate, Report, Trial } from '../results/schema.ts'
import { figureRange } from './figure-range.ts'

/** Something about trials that a reader must know before believing the numbers. */
export interface Finding {
  /** Which trials: `50%, staged: pair 2`. */
  readonly where: string
  /** What it is, with its figures. */
  readonly what: string
}

interface PlacedTrial {
  readonly group: string
  readonly pair: number
  readonly trial: Trial
}

/** Trials whose answers were wrong: their latencies count nowhere. */
export function voidTrials(report: Report): readonly Finding[] {
  return placedTrials(report).flatMap(({ group, pair, trial }) =>
    trial.void === null ? [] : [{ where: `${group}: pair ${pair}`, what: trial.void }],
  )
}

/** Validity gates that failed, one entry for all trials of an arm at a load that failed the same one, with each one's figure. */
export function failedGates(report: Report): readonly Finding[] {
  return failuresByGate(report).map(({ group, gate, pairs, figures }) => ({
    where: `${group}: ${pairs.length === 1 ? 'pair' : 'pairs'} ${pairs.join(', ')}`,
    what: `${gate.name}: ${gate.message} (${figures.join('; ')})`,
  }))
}

/** The same in short: in how many pairs it failed, its meaning in a few words, and the range of its figures. */
export function failedGatesInShort(report: Report): readonly Finding[] {
  return failuresByGate(report).map(({ group, gate, pairs, of, figures }) => ({
    where: group,
    what: `gate ${gate.name} failed in ${pairs.length} of ${of} ${of === 1 ? 'pair' : 'pairs'}: ${gate.message.split(':')[0]} (${figureRange(figures)})`,
  }))
}

interface GateFailures {
  readonly group: string
  readonly gate: Gate
  readonly pairs: readonly number[]
  /** Trials of the arm at the load. */
  readonly of: number
  readonly figures: readonly string[]
}

function failuresByGate(report: Report): readonly GateFailures[] {
  const byGate = new Map<
    string,
    { group: string; gate: Gate; pairs: number[]; figures: string[] }
  >()
  const trialsIn = new Map<string, number>()
  for (const { group, pair, trial } of placedTrials(report)) {
    trialsIn.set(group, (trialsIn.get(group) ?? 0) + 1)
    for (const gate of trial.gates) {
      if (gate.passed) continue
      const key = JSON.stringify([group, gate.name])
      const entry = byGate.get(key) ?? { group, gate, pairs: [], figures: [] }
      entry.pairs.push(pair)
      entry.figures.push(gate.figure)
      byGate.set(key, entry)
    }
  }
  return [...byGate.values()].map((entry) => ({ ...entry, of: trialsIn.get(entry.group) ?? 0 }))
}

/** Why a report has less than was planned; null when it is whole. */
export function incompleteNotice(report: Pick<Report, 'complete' | 'ending'>): string | null {
  if (report.complete) return null
  return report.ending === null
    ? 'This run is not finished: what follows may change.'
    : `This run is incomplete: ${report.ending}.`
}

function placedTrials({ loads }: Report): readonly PlacedTrial[] {
  return loads.flatMap(({ label, sets }) =>
    sets.flatMap(({ trials }, index) =>
      Object.values(trials).map((trial) => ({
        group: `${label}, ${trial.arm}`,
        pair: index + 1,
        trial,
      })),
    ),
  )
}
