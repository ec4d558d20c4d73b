import type { Report } from '../../results/schema.ts'
import type { Entry } from '../page/environment.ts'
import type { Paint } from '../terminal/text.ts'

/*
 * What a reader is to see of a measurement, as data: the answer, reasons to doubt it, pictures, numbers. One is written to a
 * terminal by `terminalView` and to a page by `pageView`; neither knows what was measured.
 */

export interface View {
  /** Of the page. */
  readonly title: string
  /** Which command was called, and when. */
  readonly eyebrow: string
  /** In one sentence. */
  readonly answer: string
  /** Why it has less than was planned; null when it is whole. */
  readonly partial: string | null
  /** Trials that failed a gate; null when none did. */
  readonly marked: string | null
  /** More of the answer; those that are null are left out. */
  readonly further: readonly (string | null)[]
  /** What the scenario asks. */
  readonly question: string
  readonly sections: readonly Section[]
  readonly warnings: Report['warnings']
  /** Repeats it. */
  readonly command: string
  /** Under which it was measured. */
  readonly conditions: readonly Entry[]
  readonly environment: Report['environment']
}

export type Section = ChartSection | TableSection | ListSection

/** A picture; a terminal shows it only where it has a text of its own. */
export interface ChartSection {
  readonly kind: 'chart'
  readonly title: string
  /** Which colour is what. */
  readonly legend: readonly { readonly text: string; readonly arm: 'first' | 'second' | 'none' }[]
  readonly note: string
  /** The same in words, for those who do not see it. */
  readonly description: string
  /** What the page's script draws into the element of that name. */
  readonly data: { readonly elementId: string }
  /** The same in characters, with its title. @default none */
  readonly text?: (columns: number, paint: Paint) => string
}

/** Numbers, formatted. */
export interface TableSection {
  readonly kind: 'tables'
  readonly title: string
  readonly tables: readonly ViewTable[]
  /** What signs in them mean. */
  readonly note: string | null
}

export interface ViewTable {
  /** Tells it from the section's others; null when there are none. */
  readonly caption: string | null
  /** Heads the row labels. */
  readonly corner: string
  /** Characters of a terminal that the labels get at most. @default what the columns leave */
  readonly widestLabel?: number
  readonly columns: readonly ViewColumn[]
  /** A label and a cell for each column. */
  readonly rows: readonly (readonly [label: string, ...cells: string[]])[]
  /** A terminal of fewer characters takes the columns' narrow widths. @default 0 */
  readonly narrowBelow?: number
}

interface ViewColumn {
  readonly heading: string
  readonly arm?: 'first' | 'second'
  /** Characters of a terminal, the blank before it included. */
  readonly width: number
  /** In a narrow one; null leaves the column out. @default the same */
  readonly narrowWidth?: number | null
}

/** Sentences under a heading. */
export interface ListSection {
  readonly kind: 'list'
  readonly title: string
  /** What they are about, for a page. */
  readonly intro: string
  readonly items: readonly string[]
}

/** `batch=8, idle=park`, or `none`. */
export function valuesText(values: Readonly<Record<string, string | number | boolean>>): string {
  const entries = Object.entries(values).map(([name, value]) => `${name}=${value}`)
  return entries.length === 0 ? 'none' : entries.join(', ')
}

/** An entry that is only there when it is known. */
export function entryIf(term: string, value: string | number | null): readonly Entry[] {
  return value === null ? [] : [[term, String(value)]]
}
