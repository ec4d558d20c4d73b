import type { PairLoad, PairReport } from '../../results/compared-pair.ts'
import { armLabels } from '../arm-labels.ts'
import { type CounterRow, counterRows } from '../counter-rows.ts'
import { NOT_AVAILABLE } from '../format.ts'
import { loadName } from '../load-shares.ts'
import { dataTable } from './data-table.ts'
import { html, type Markup } from './markup.ts'

/** Counters and memory of both arms at every load, side by side; null when no pair is sound. */
export function counterSection(report: PairReport): Markup | null {
  const loads = report.loads
    .map((load) => ({ load, rows: counterRows(report, load) }))
    .filter(({ rows }) => rows.length > 0)
  if (loads.length === 0) return null
  const [first, second] = armLabels(report)
  return html`<section id="counters">
    <h2>Counters and memory</h2>
    ${dataTable({
      caption: 'Counters and memory, medians over pairs',
      corner: 'counter',
      groups: loads.map(({ load }) => ({ text: `load ${loadName(load)}`, span: 2 })),
      columns: loads.flatMap(() => [
        { text: first, arm: 'first' as const },
        { text: second, arm: 'second' as const },
      ]),
      rows: labelsOf(loads).map((label) => ({
        label,
        cells: loads.flatMap(({ rows }) => {
          const row = rows.find((one) => one.label === label)
          return [row?.first ?? NOT_AVAILABLE, row?.second ?? NOT_AVAILABLE]
        }),
      })),
    })}
  </section>`
}

/** Some counters are there only at loads that have what they count. */
function labelsOf(
  loads: readonly { readonly load: PairLoad; readonly rows: readonly CounterRow[] }[],
): readonly string[] {
  return [...new Set(loads.flatMap(({ rows }) => rows.map(({ label }) => label)))]
}
