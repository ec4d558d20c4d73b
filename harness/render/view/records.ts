import type { RowChoice } from '../page/filter.ts'
import type { Strip } from '../page/strip.ts'

/* Many results, a row for each: what a page over them has instead of tables of figures. */

/** Saved results below each other, of each what is known; a page has them. */
export interface RecordBlock {
  readonly kind: 'records'
  /** What its figures are. */
  readonly caption: string
  /** The first one heads the names of the rows. */
  readonly columns: readonly string[]
  readonly rows: readonly RecordRow[]
}

export interface RecordRow {
  /** That it is of. */
  readonly scenarios: readonly string[]
  /** For a page whose rows are chosen and ordered. @default it is always there */
  readonly choice?: RowChoice
  /** One for each column, unless one spans several. */
  readonly cells: readonly RecordCell[]
}

/** With nothing in it: not available. */
export interface RecordCell {
  readonly text?: string | null
  /** Where the text leads. */
  readonly address?: string
  readonly alarms?: readonly string[]
  /** More of the text, below it. */
  readonly besides?: readonly string[]
  /** Estimates, each behind what it is of. */
  readonly figures?: readonly (readonly [subject: string, estimate: string])[]
  readonly strip?: Strip
  /** What few readers want to see, behind its summary. */
  readonly folded?: { readonly summary: string; readonly texts: readonly string[] }
  /** Over so many columns, under a name of its own. */
  readonly span?: { readonly columns: number; readonly name: string }
}
