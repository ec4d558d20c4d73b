import type { Report } from '../../results/schema.ts'
import { NOT_AVAILABLE } from '../../words/format.ts'
import { type Block, type Doubt, type Section, tableBlock, textBlock } from '../view/view.ts'
import { armRole } from './answer.ts'
import { failedGates, failedGatesInShort, incompleteNotice, voidTrials } from './findings.ts'
import { shareDoubts } from './pair-figures.ts'
import type { Subject } from './subject.ts'

/** How one validity gate went over all trials that count, per arm: `36 of 36`. */
interface GateRow {
  readonly label: string
  readonly cells: readonly string[]
}

/** Every gate that was applied, by arm; empty when there is no trial. */
export function gateRows(report: Report): readonly GateRow[] {
  const trialsOf = report.arms.map(({ label }) =>
    report.loads.flatMap(({ sets }) => sets.flatMap(({ trials }) => trials[label] ?? [])),
  )
  const names = new Set(
    trialsOf.flatMap((trials) => trials.flatMap(({ gates }) => gates.map(({ name }) => name))),
  )
  return [...names].map((name) => ({
    label: name,
    cells: trialsOf.map((trials) => {
      const applied = trials.flatMap(({ gates }) => gates.filter((gate) => gate.name === name))
      const passed = applied.filter((gate) => gate.passed)
      return applied.length === 0 ? NOT_AVAILABLE : `${passed.length} of ${applied.length}`
    }),
  }))
}

/**
 * Every reason to doubt the numbers; a page says so when there is none, and which gates the trials had to pass. A terminal has
 * them in short, and last why the run is incomplete.
 */
export function gateSections({ report, medium }: Subject): readonly Section[] {
  const isTerminal = medium === 'terminal'
  const gates = isTerminal ? failedGatesInShort(report) : failedGates(report)
  const items: readonly Doubt[] = [
    ...voidTrials(report).map(({ where, what }) => ({
      weight: 'void' as const,
      text: `${where}: ${what}`,
    })),
    ...[...shareDoubts(report.loads), ...gates].map(({ where, what }) => ({
      weight: 'doubtful' as const,
      text: `${where}: ${what}`,
    })),
    ...report.warnings.map(({ message, cure }) => ({
      weight: 'warning' as const,
      text: message,
      cure,
    })),
  ]
  const isClean = items.length === 0 && medium === 'page'
  const notice = isTerminal ? incompleteNotice(report) : null
  const blocks: readonly Block[] = [
    isClean ? textBlock('All trials passed every check.') : { kind: 'doubts', items },
    ...(notice === null ? [] : [textBlock(notice, 'alarm')]),
    ...(medium === 'page' ? gateTable(report) : []),
  ]
  return [{ id: 'gates', title: isTerminal ? null : 'Gates and warnings', blocks }]
}

function gateTable(report: Report): readonly Block[] {
  const rows = gateRows(report)
  if (rows.length === 0) return []
  return [
    tableBlock({
      caption: 'Validity gates: trials that passed',
      corner: 'gate',
      columns: report.arms.map(({ label }) => ({
        heading: label,
        ...armRole(label, report.comparisons),
      })),
      rows: rows.map(({ label, cells }) => [label, ...cells]),
    }),
  ]
}
