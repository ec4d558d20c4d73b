import { plain } from '../terminal/text.ts'

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
