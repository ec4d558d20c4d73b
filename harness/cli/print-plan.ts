import { wrap } from '../render/terminal-text.ts'

/** Prints a plan to stderr: on a terminal as wide as that is, what goes on below two columns further in; else as it is. */
export function printPlan(lines: readonly string[]): void {
  const { isTTY, columns } = process.stderr
  for (const line of lines) console.error(isTTY ? wrap(line, columns, 2) : line)
}
