import type { Report } from '../../results/schema.ts'
import type { Chart } from '../page/draw-charts.ts'
import type { Spark, SparkSign } from '../page/sparkline.ts'
import type { Paint } from '../terminal/text.ts'
import type { RecordBlock } from './records.ts'

/*
 * What a reader is to see of a measurement, as data: the answer, reasons to doubt it, and sections of pictures, numbers and
 * sentences. Three writers know how that looks, and none of them what was measured: `terminal.ts`, `markdown.ts`, `page.ts`.
 */

/** Where something is read. */
export type Medium = 'terminal' | 'markdown' | 'page'

/** What comes first wherever a measurement is told. */
export interface Answer {
  /** In one sentence. */
  readonly answer: string
  /** The same where it is one of many. @default the answer */
  readonly short?: string
  /** Why it has less than was planned; null when it is whole. */
  readonly partial: string | null
  /** Trials that failed a gate; null when none did. */
  readonly marked: string | null
  /** What else a reader must know before believing any number. @default none */
  readonly alarms?: readonly string[]
  /** More of the answer; those that are null are left out. */
  readonly further: readonly (string | null)[]
}

/** With what a page or a pull request has around it. */
export interface Head extends Answer {
  /** Of the page. */
  readonly title: string
  /** Which command was called, and when. */
  readonly eyebrow: string
  /** What the scenario asks; null where there are many. */
  readonly question: string | null
}

/** What is told of a measurement wherever it is. */
export interface Told extends Answer {
  readonly sections: readonly Section[]
  readonly warnings: Report['warnings']
}

/** With what a page has beside it. */
export interface View extends Told, Head {
  /** Repeats it. */
  readonly command: string
  /** Under which it was measured. */
  readonly conditions: readonly Entry[]
  readonly environment: Report['environment']
}

/** A term and what it is, or says. */
export type Entry = readonly [term: string, value: string]

/** Blocks under a title, or one block that has its own. */
export type Section = TitledBlocks | ChartSection | TableSection | ListSection
export type ChartSection = ChartBlock & { readonly title: string }
export type TableSection = TableBlock & { readonly title: string }
export type ListSection = ListBlock & { readonly title: string }

export interface TitledBlocks {
  /** What links of the page lead to. @default nothing leads there */
  readonly id?: string
  /** What they say. @default the title, its first letter small */
  readonly link?: string
  /** Null where a terminal or Markdown needs none. */
  readonly title: string | null
  /** Of what few readers want to see: a page that folds shows only its title. @default false */
  readonly isDetail?: boolean
  /** From top to bottom; null is left out, and so is a section in which nothing is written. */
  readonly blocks: readonly (Block | null)[]
}

/** As writers take it. */
export interface WrittenSection extends TitledBlocks {
  readonly blocks: readonly Block[]
}

export type Block =
  | ChartBlock
  | TableBlock
  | ListBlock
  | TextBlock
  | HeadingBlock
  | DoubtBlock
  | CodeBlock
  | TermBlock
  | FoldedBlock
  | DownloadBlock
  | TabBlock
  | BesideBlock
  | TileBlock
  | ScenarioBlock
  | SignBlock
  | SparkBlock
  | RecordBlock

type Side = 'first' | 'second'

/** A picture; a terminal shows it only where it has a text of its own, Markdown never. */
export interface ChartBlock {
  readonly kind: 'chart'
  /** Which colour is what. `mark` is another sign of the style sheet than an arm's colour. */
  readonly legend: readonly {
    readonly text: string
    readonly arm: Side | 'none'
    readonly mark?: string
  }[]
  /** Lines without dashes, areas, or one arm at either end. @default dashes tell the second arm from the first one */
  readonly legendLook?: 'plain' | 'parts' | 'sides'
  /** What signs in it mean. */
  readonly note: string | null
  /** The same in words, for those who do not see it. */
  readonly description: string
  /** What is drawn into the element of that name. */
  readonly data: Chart['data']
  /** Draws the data, in the reader's browser. */
  readonly draw: Chart['draw']
  /** The same in characters, with its title where the section has none; empty when there is nothing to draw. @default none */
  readonly text?: (columns: number, paint: Paint) => string
}

/** Numbers, formatted. */
export interface TableBlock {
  readonly kind: 'tables'
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
  /** Headings above those of the columns, each over `span` of them; a page has them. */
  readonly groups?: readonly { readonly text: string; readonly span: number }[]
  readonly columns: readonly ViewColumn[]
  /** A label and a cell for each column. */
  readonly rows: readonly (readonly [label: string, ...cells: string[]])[]
  /** Labels of rows that stand out. @default none */
  readonly judged?: readonly string[]
  /** A terminal of fewer characters takes the columns' narrow widths. @default 0 */
  readonly narrowBelow?: number
}

export interface ViewColumn {
  readonly heading: string
  /** Instead of the heading where that is wider than the column. */
  readonly shortHeading?: string
  readonly arm?: Side
  /**
   * Characters of a terminal, the blank before it included; columns without a width share what labels of the widest kind and
   * the others leave.
   */
  readonly width?: number
  /** A column without a width gets no more than this. */
  readonly widest?: number
  /** In a narrow one; null leaves the column out. @default the same */
  readonly narrowWidth?: number | null
  /** Estimates are without their intervals in a narrow one. @default false */
  readonly isBriefWhereNarrow?: boolean
  /** On a terminal. @default 'right' */
  readonly align?: 'left'
}

/** Sentences below each other. */
export interface ListBlock {
  readonly kind: 'list'
  /** What they are about, for a page. */
  readonly intro?: string
  readonly items: readonly (string | ListItem)[]
  /** Without the signs before them. @default false */
  readonly isBare?: boolean
}

/** `label`: text, and more about the same below it. */
export interface ListItem {
  readonly label: string
  readonly arm?: Side
  readonly text: string
  readonly besides?: readonly string[]
}

export interface TextBlock {
  readonly kind: 'text'
  /** Stands out before it, with a colon. */
  readonly label?: string
  readonly text: string
  /** @default as it is */
  readonly tone?: 'muted' | 'alarm' | 'doubt' | 'good' | 'strong'
  /** Blanks before its first line on a terminal. @default 2 below a title, 0 without one */
  readonly indent?: number
  /** Blanks before the others. @default as many */
  readonly hanging?: number
}

/** Within a section. */
interface HeadingBlock {
  readonly kind: 'heading'
  readonly text: string
}

/** Reasons to doubt the numbers. */
interface DoubtBlock {
  readonly kind: 'doubts'
  readonly items: readonly Doubt[]
}

export interface Doubt {
  /** Null where all are warnings. The last two are of what could not be compared. */
  readonly weight: 'void' | 'doubtful' | 'warning' | 'not compared' | 'without a partner' | null
  readonly text: string
  /** What to do about it. @default nothing is known */
  readonly cure?: string
}

/** A command. */
interface CodeBlock {
  readonly kind: 'code'
  readonly text: string
}

/** Terms beside their values. */
interface TermBlock {
  readonly kind: 'terms'
  readonly entries: readonly Entry[]
}

/** What few readers want to see, behind its summary on a page; elsewhere it is left out. */
interface FoldedBlock {
  readonly kind: 'folded'
  readonly summary: string
  readonly blocks: readonly Block[]
}

/** Files in the page: its reader's browser makes them of it. Elsewhere it is left out. */
export interface DownloadBlock {
  readonly kind: 'download'
  readonly files: readonly {
    readonly file: string
    /** On its button. */
    readonly text: string
    /** Gzip; null where the file is beside the page only. */
    readonly base64: string | null
  }[]
  /** Other parts of the page, behind the files. @default none */
  readonly links?: readonly { readonly text: string; readonly id: string }[]
}

/** One of several at a time, of the reader's choice; a page has them. */
export interface TabBlock {
  readonly kind: 'tabs'
  /** Of the element: unlike any other's. */
  readonly id: string
  /** What is chosen. */
  readonly name: string
  readonly tabs: readonly { readonly label: string; readonly blocks: readonly Block[] }[]
  /** Chosen at first. @default 0 */
  readonly chosen?: number
}

/** Side by side where there is room; a page has them. */
interface BesideBlock {
  readonly kind: 'beside'
  readonly columns: readonly (readonly Block[])[]
}

/** The answer in a few figures; a page has them. */
interface TileBlock {
  readonly kind: 'tiles'
  readonly tiles: readonly Tile[]
}

export interface Tile {
  /** What it is about. */
  readonly subject: string
  /** Large: `sharded 95× faster`. */
  readonly saying: string
  /** Whose colour it has. @default nobody's */
  readonly arm?: Side
  /** What is undecided is hollow. @default false */
  readonly isOpen?: boolean
  /** Below it; those that are empty are left out. */
  readonly lines: readonly string[]
}

/** Blocks of one scenario on a page over many, whose reader may choose to see that one alone. Text leaves it out. */
export interface ScenarioBlock {
  readonly kind: 'scenario'
  readonly scenario: string
  readonly blocks: readonly Block[]
}

/** What signs of the pictures below it mean. */
interface SignBlock {
  readonly kind: 'signs'
  readonly entries: readonly (readonly [sign: SparkSign, meaning: string])[]
}

/** Small pictures side by side, beside a text about all of them; a page has them. */
export interface SparkBlock {
  readonly kind: 'sparks'
  readonly heading: string | null
  readonly text: string
  /** With their labels and newest figures. */
  readonly pictures: readonly (Spark & { readonly label: string; readonly figure: string })[]
}

/** The section in its full form. */
export function titledBlocks(section: Section): WrittenSection {
  return 'blocks' in section
    ? { ...section, blocks: section.blocks.filter((block) => block !== null) }
    : { title: section.title, blocks: [section] }
}

/** The same for text, where a title tells the only table of its section from others: no caption is needed. */
export function textSection(section: Section): WrittenSection {
  const whole = titledBlocks(section)
  const { title, blocks } = whole
  const tables = blocks.flatMap((block) => (block.kind === 'tables' ? block.tables : []))
  if (!('blocks' in section) || title === null || tables.length > 1) return whole
  return {
    ...whole,
    blocks: blocks.map((block) =>
      block.kind === 'tables'
        ? { ...block, tables: block.tables.map((table) => ({ ...table, caption: null })) }
        : block,
    ),
  }
}

/** One table as a block. */
export function tableBlock(table: ViewTable): TableBlock {
  return { kind: 'tables', tables: [table], note: null }
}

/** Sentences as a block. */
export function listBlock(items: ListBlock['items']): ListBlock {
  return { kind: 'list', items }
}

/** A heading within a section. */
export function headingBlock(text: string): Block {
  return { kind: 'heading', text }
}

/** A paragraph. */
export function textBlock(text: string, tone?: TextBlock['tone']): TextBlock {
  return { kind: 'text', text, ...(tone && { tone }) }
}

/** A paragraph that is only there when it says something. */
export function textIf(text: string | null, tone?: TextBlock['tone']): TextBlock | null {
  return text === null ? null : textBlock(text, tone)
}
