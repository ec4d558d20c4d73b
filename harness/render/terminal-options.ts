import { styleText } from 'node:util'
import type { Paint } from './terminal-table.ts'

/** What the reader's terminal can do. */
export interface TerminalOptions {
  readonly color: boolean
  /** Width in characters; the text uses 72 … 100 of them. */
  readonly columns: number
}

const NARROWEST = 72
const WIDEST = 100

/** Characters that a line of text may have. */
export function textColumns({ columns }: TerminalOptions): number {
  return Math.min(WIDEST, Math.max(NARROWEST, columns))
}

/** Colours for a terminal that has them. */
export function paintFor({ color }: TerminalOptions): Paint {
  return (style, text) => (color ? styleText(style, text, { validateStream: false }) : text)
}
