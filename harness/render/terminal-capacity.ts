import type { Report } from '../results/schema.ts'
import { breakEvenText } from './break-even.ts'
import {
  capacityRows,
  hasSustained,
  inlineCeilingText,
  sustainedRatioTexts,
} from './capacity-rows.ts'
import { roundsText } from './round-rows.ts'
import type { Paint } from './terminal-table.ts'
import { indented } from './terminal-text.ts'

/** What the arms can bear, what a request costs them, and what the rounds took, under their titles; empty without any of it. */
export function terminalCapacity(report: Report, columns: number, paint: Paint): string {
  const { capacity } = report
  const isSustained = capacity !== null && hasSustained(capacity)
  const lines = capacityRows(report).map(
    ({ label, sustained, saturated, cpuPerRequest, overhead }) =>
      `${label}: ${isSustained ? `sustains ${sustained}, ` : ''}saturated throughput ${saturated}, CPU per request ${cpuPerRequest}, overhead per request ${overhead}`,
  )
  const ratios = sustainedRatioTexts(report)
  if (ratios.length > 0) lines.push(`sustained, ${ratios.join('; ')}`)
  const ceiling = inlineCeilingText(report)
  if (ceiling !== null) lines.push(`inline ceiling, no architecture: ${ceiling}`)
  const breakEven = breakEvenText(report)
  if (breakEven !== null) lines.push(breakEven)
  const rounds = roundsText(report)
  const section = (title: string, texts: readonly string[]): readonly string[] =>
    texts.length === 0
      ? []
      : [[paint('bold', title), ...texts.map((text) => indented(text, columns))].join('\n')]
  return [
    ...section('Capacity', lines),
    ...section('Rounds', rounds === null ? [] : [rounds]),
  ].join('\n\n')
}
