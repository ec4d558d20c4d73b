import type { Report } from '../results/schema.ts'
import { NOT_AVAILABLE } from './format.ts'

/** How one validity gate went over all trials that count, per arm: `36 of 36`. */
export interface GateRow {
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
