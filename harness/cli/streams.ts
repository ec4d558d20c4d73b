import { type TerminalOptions, wrap } from '../render/terminal/text.ts'

/** What stdout can show: plain text of 80 columns where it is no terminal. */
export function stdoutOptions(): TerminalOptions {
  const { isTTY, columns } = process.stdout
  return isTTY ? { color: process.stdout.hasColors(), columns } : { color: false, columns: 80 }
}

/** Prints a plan to stderr: on a terminal as wide as that is, what goes on below two columns further in; else as it is. */
export function printPlan(lines: readonly string[]): void {
  const { isTTY, columns } = process.stderr
  for (const line of lines) console.error(isTTY ? wrap(line, columns, 2) : line)
}
