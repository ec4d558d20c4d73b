import type { Report } from '../results/schema.ts'
import type { Paint } from './terminal-table.ts'
import { indented, wrap } from './terminal-text.ts'

/** A doubt with its cure on a line of its own. */
export function warningText(
  { message, cure }: Report['warnings'][number],
  columns: number,
  paint: Paint,
): string {
  return `${paint('yellow', wrap(`warning: ${message}`, columns, 2))}\n${indented(`→ ${cure}`, columns)}`
}
