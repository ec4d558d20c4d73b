import { gzipSync } from 'node:zlib'
import type { Report } from '../../results/schema.ts'

/** Keeps the page below 3 MB: the library takes 0.7, charts and tables of a large run up to 0.5. */
const MOST_CHARACTERS = 1_700_000

/** `report.json` inside its page. */
export interface PackedReport {
  /** Gzip, base64; null when it is too large, and only the file beside the page has it. */
  readonly base64: string | null
  /** Of the unpacked file. */
  readonly bytes: number
}

/** The text of `report.json` as a run writes it, compressed. About 0.1 s per MB. */
export function packReport(report: Report): PackedReport {
  const text = Buffer.from(`${JSON.stringify(report, undefined, 1)}\n`)
  const base64 = gzipSync(text, { level: 9 }).toString('base64')
  return { base64: base64.length > MOST_CHARACTERS ? null : base64, bytes: text.length }
}
