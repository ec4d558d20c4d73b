import type { Report } from '../../results/schema.ts'
import { NOT_AVAILABLE } from '../../words/format.ts'
import { type Block, type Doubt, tableBlock, textBlock, textIf } from '../view/view.ts'
import { armRole } from './answer.ts'
import {
  failedGates,
  failedGatesInShort,
  type Finding,
  incompleteNotice,
  voidTrials,
} from './findings.ts'
import { shareDoubts } from './pair-figures.ts'
import type { SectionsOf } from './subject.ts'

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
  const notice = isTerminal ? incompleteNotice(report) : null
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
