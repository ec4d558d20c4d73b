import { plain } from '../terminal/text.ts'
import {
  type Answer,
  type Block,
  type Doubt,
  type ListItem,
  type Section,
  textSection,
  type ViewTable,
} from './view.ts'

/**
 * An answer and its sections for a pull request. In GitHub's Markdown; whatever a scenario or a machine may have written is
 * escaped. Ends with a line break.
 */
export function markdownView(
  head: Answer & { readonly title: string; readonly question?: string | null },
  sections: readonly Section[],
): string {
  const { title, answer, partial, marked, alarms = [], further, question = null } = head
  const allAlarms = [...alarms, partial, marked].filter((alarm) => alarm !== null)
  const texts = [
    `## ${markdownText(title)}`,
    `**${markdownText(answer)}**`,
    ...allAlarms.map((alarm) => `> [!WARNING]\n> ${markdownText(alarm)}`),
    ...[...further, question].filter((text) => text !== null).map(markdownText),
    ...sections.flatMap(sectionTexts),
  ]
  return `${texts.join('\n\n')}\n`
}

function sectionTexts(section: Section): readonly string[] {
  const { title, blocks } = textSection(section)
  const texts = blocks.flatMap(blockTexts)
  return texts.length === 0 || title === null ? texts : [`### ${markdownText(title)}`, ...texts]
}

function blockTexts(block: Block): readonly string[] {
  switch (block.kind) {
    case 'tables': {
      const note = block.note === null ? [] : [markdownText(block.note)]
      return [...block.tables.flatMap(tableTexts), ...note]
    }
    case 'list':
      return block.items.length === 0 ? [] : [block.items.map(itemText).join('\n')]
    case 'text':
      return [labelled(block.label, block.text)]
    case 'heading':
      return [`#### ${markdownText(block.text)}`]
    case 'doubts':
      return block.items.length === 0 ? [] : [block.items.map(doubtText).join('\n')]
    case 'code':
      return [codeBlock('sh', block.text)]
    case 'terms':
      return [block.entries.map(([term, value]) => `- ${labelled(term, value)}`).join('\n')]
    case 'chart':
    case 'folded':
    case 'tabs':
    case 'beside':
    case 'tiles':
    case 'download':
    case 'scenario':
    case 'signs':
    case 'sparks':
    case 'records':
      return []
  }
}

function labelled(label: string | undefined, text: string): string {
  return label === undefined
    ? markdownText(text)
    : `**${markdownText(label)}**: ${markdownText(text)}`
}

function itemText(item: string | ListItem): string {
  return typeof item === 'string'
    ? `- ${markdownText(item)}`
    : `- ${labelled(item.label, item.text)}`
}

function doubtText({ weight, text, cure }: Doubt): string {
  const name = weight === null ? '' : `**${weight}** `
  return `- ${name}${markdownText(text)}${cure === undefined ? '' : ` → ${markdownText(cure)}`}`
}

function tableTexts({ caption, corner, columns, rows, judged = [] }: ViewTable): readonly string[] {
  const table = markdownTable(
    [corner, ...columns.map(({ heading }) => heading)],
    rows.map(([label, ...cells]) => [judged.includes(label) ? `${label} ←` : label, ...cells]),
  )
  return caption === null ? [table] : [`**${markdownText(caption)}**`, table]
}

/** What Markdown, GitHub's included, takes for markup; a backslash before it makes it text. */
const MARKUP = /[\\`*_[\]<>|~&#!$]/g
/**
 * Where GitHub makes links of plain text, and notifies people: names, numbers of issues, addresses. A comment between the
 * two halves prevents it and is not seen.
 */
const LINKED = /@(?=\w)|#(?=\w)|:\/(?=\/)|www(?=\.)/gi

/** At the beginning of a line these would be a list, a rule or the underline of a heading. */
const BLOCK_START = /^(?:[-+=]|\d+(?=[.)](?: |$)))/

/** Text of a report for a line of Markdown: one line, nothing in it is markup, a link or a mention. */
export function markdownText(text: string): string {
  return plain(text)
    .trim()
    .replace(MARKUP, String.raw`\$&`)
    .replace(BLOCK_START, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`))
    .replace(LINKED, '$&<!-- -->')
}

/** A block of code that holds the text as it is, line breaks aside. */
export function codeBlock(language: string, text: string): string {
  const line = plain(text).trim()
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(Math.max(3, longest + 1))
  return `${fence}${language}\n${line}\n${fence}`
}

/** A table, its first column to the left and the others to the right; texts are escaped. */
export function markdownTable(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rule = heading.map((_, index) => (index === 0 ? ':--' : '--:'))
  return [
    line(heading.map(markdownText)),
    line(rule),
    ...rows.map((row) => line(row.map(markdownText))),
  ].join('\n')
}
