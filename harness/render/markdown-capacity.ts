import type { Report } from '../results/schema.ts'
import { breakEvenText } from './break-even.ts'
import { capacityRows, inlineCeilingText, sustainedRatioTexts } from './capacity-rows.ts'
import { markdownTable, markdownText } from './markdown-text.ts'
import { roundsText } from './round-rows.ts'

const HEADINGS = [
  'arm',
  'sustained',
  'saturated throughput',
  'CPU per request',
  'overhead per request',
] as const

/** What the arms can bear, what a request costs them, and what the rounds took; empty without any of it. */
export function markdownCapacity(report: Report): string {
  const rows = capacityRows(report).map(
    ({ label, sustained, saturated, cpuPerRequest, overhead }) => [
      label,
      sustained,
      saturated,
      cpuPerRequest,
      overhead,
    ],
  )
  const ratios = sustainedRatioTexts(report)
  const ceiling = inlineCeilingText(report)
  const rounds = roundsText(report)
  const notes = [
    ratios.length === 0 ? null : `Sustained, ${ratios.join('; ')}.`,
    ceiling === null ? null : `Inline ceiling, no architecture: ${ceiling}.`,
    breakEvenText(report),
    rounds === null ? null : `Rounds: ${rounds}.`,
  ].filter((note) => note !== null)
  if (rows.length === 0 && notes.length === 0) return ''
  return [
    '### Capacity',
    ...(rows.length === 0 ? [] : [markdownTable(HEADINGS, rows)]),
    ...notes.map(markdownText),
  ].join('\n\n')
}
