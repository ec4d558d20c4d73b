import type { Load, Report } from '../../results/schema.ts'
import { figureRange, formatShare, NOT_AVAILABLE } from '../../words/format.ts'
import { partialText } from '../view/measured.ts'
import { type Block, type Doubt, tableBlock, textBlock, textIf } from '../view/view.ts'
import { armRole, type SectionsOf } from './pair-figures.ts'

/** Something about trials that a reader must know before believing the numbers. */
export interface Finding {
  /** Which trials: `50%, staged: pair 2`. */
  readonly where: string
  /** What it is, with its figures. */
  readonly what: string
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

/** In the order in which they were met; `of` is how many trials the arm had at the load. */
function failuresByGate(report: Report) {
  const placed = placedTrials(report)
  const failed = placed.flatMap(({ group, pair, trial }) =>
    trial.gates.flatMap((gate) => (gate.passed ? [] : [{ group, pair, gate }])),
  )
  const byGate = Map.groupBy(failed, ({ group, gate }) => JSON.stringify([group, gate.name]))
  return [...byGate.values()].map((failures) => {
    const { group, gate } = failures[0]!
    return {
      group,
      gate,
      pairs: failures.map(({ pair }) => pair),
      of: placed.filter((trial) => trial.group === group).length,
      figures: failures.map((failure) => failure.gate.figure),
    }
  })
}

/** A load in percent that turned out to be another share by more than this, of what its label says, is a doubt. */
const LARGEST_MISS = 0.15

/**
 * Loads in percent that were another share of the capacity than they say: they were fixed after the first round, and the
 * capacity is known only after the last.
 */
export function shareDoubts(
  loads: readonly Pick<Load, 'label' | 'fractionOfCapacity'>[],
): readonly Finding[] {
  return loads.flatMap(({ label, fractionOfCapacity }) => {
    const share = shareIn(label)
    if (share === null || fractionOfCapacity === null) return []
    if (Math.abs(fractionOfCapacity / share - 1) <= LARGEST_MISS) return []
    const what = `in fact ${formatShare(Number(fractionOfCapacity.toFixed(2)))} of what the slowest arm sustains, by all rounds`
    return [{ where: label, what }]
  })
}

function shareIn(label: string): number | null {
  const percent = /^([\d.]+)\s*%$/.exec(label)?.[1]
  return percent === undefined ? null : Number(percent) / 100
}

function placedTrials({ loads }: Report) {
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

/** So many more repeats by one arm's trials than by another's, and so many times as many, are no accident. */
const NOTABLE_EXCESS = 3

/** How many sets were played again, at which load, and why: `20%: noise of staged ×2`; null when none was. */
export function repeatedSets({ loads, rounds }: Report): string | null {
  const parts = loads.flatMap(({ label, sets }) => {
    const causes = sets.flatMap(({ discarded }) =>
      discarded.map(({ cause, arm }) => `${cause} of ${arm}`),
    )
    return causes.length === 0 ? [] : [`${label}: ${counted(causes).join(', ')}`]
  })
  if (parts.length === 0) return null
  const count = loads.flatMap(({ sets }) => sets.flatMap(({ discarded }) => discarded)).length
  // Before there were rounds single trials were repeated.
  const noun = rounds.length === 0 ? 'trial' : 'set'
  const were = count === 1 ? `1 ${noun} was` : `${count} ${noun}s were`
  return `${were} played again (${parts.join('; ')})`
}

/** A warning where one arm's trials had far more sets played again than another's; null where they did not. */
export function selectionWarning({ arms, loads }: Report): string | null {
  const causes = loads.flatMap(({ sets }) =>
    sets.flatMap(({ discarded }) => discarded.map(({ arm }) => arm)),
  )
  const [least, ...others] = arms
    .map(({ label }) => ({ label, count: causes.filter((arm) => arm === label).length }))
    .toSorted((a, b) => a.count - b.count)
  const most = others.at(-1)
  if (least === undefined || most === undefined) return null
  const isNotable =
    most.count - least.count >= NOTABLE_EXCESS && most.count >= NOTABLE_EXCESS * least.count
  return isNotable
    ? `${most.label} had ${most.count} repeats, ${least.label} ${least.count}: what is left may be a selection, the quieter trials of ${most.label}`
    : null
}

/** `noise of staged ×2`, the most frequent first. */
function counted(causes: readonly string[]): readonly string[] {
  return [...Map.groupBy(causes, (cause) => cause)]
    .toSorted(([, first], [, second]) => second.length - first.length)
    .map(([cause, { length }]) => `${cause} ×${length}`)
}

/** Every gate that was applied, and per arm how it went over all trials that count: `36 of 36`; empty when there is no trial. */
export function gateRows({
  arms,
  loads,
}: Report): readonly (readonly [gate: string, ...cells: string[]])[] {
  const gatesOf = arms.map(({ label }) =>
    loads.flatMap(({ sets }) => sets.flatMap(({ trials }) => trials[label]?.gates ?? [])),
  )
  return [...new Set(gatesOf.flat().map(({ name }) => name))].map((name) => {
    const cells = gatesOf.map((gates) => {
      const applied = gates.filter((gate) => gate.name === name)
      const passed = applied.filter((gate) => gate.passed)
      return applied.length === 0 ? NOT_AVAILABLE : `${passed.length} of ${applied.length}`
    })
    return [name, ...cells] as const
  })
}

/**
 * Every reason to doubt the numbers; a page says so when there is none, and which gates the trials had to pass. A terminal has
 * them in short, and last why the run is incomplete.
 */
export const gateSections: SectionsOf = ({ report, medium }) => {
  const isTerminal = medium === 'terminal'
  const gates = isTerminal ? failedGatesInShort(report) : failedGates(report)
  const doubts = (weight: 'void' | 'doubtful', findings: readonly Finding[]): readonly Doubt[] =>
    findings.map(({ where, what }) => ({ weight, text: `${where}: ${what}` }))
  const items: readonly Doubt[] = [
    ...doubts('void', voidTrials(report)),
    ...doubts('doubtful', [...shareDoubts(report.loads), ...gates]),
    ...report.warnings.map(({ message: text, cure }): Doubt => ({ weight: 'warning', text, cure })),
  ]
  const isClean = items.length === 0 && medium === 'page'
  const notice = isTerminal ? partialText('run', report) : null
  const rows = medium === 'page' ? gateRows(report) : []
  return [
    {
      id: 'gates',
      title: isTerminal ? null : 'Gates and warnings',
      blocks: [
        isClean ? textBlock('All trials passed every check.') : { kind: 'doubts', items },
        textIf(notice, 'alarm'),
        rows.length === 0 ? null : gateTable(report, rows),
      ],
    },
  ]
}

function gateTable({ arms, comparisons }: Report, rows: ReturnType<typeof gateRows>): Block {
  return tableBlock({
    caption: 'Validity gates: trials that passed',
    corner: 'gate',
    columns: arms.map(({ label }) => ({ heading: label, ...armRole(label, comparisons) })),
    rows,
  })
}
