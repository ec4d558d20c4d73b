import type { TerminalOptions } from '../render/terminal-options.ts'

/** What stdout can show: plain text of 80 columns where it is no terminal. */
export function stdoutOptions(): TerminalOptions {
  const { isTTY, columns } = process.stdout
  return isTTY ? { color: process.stdout.hasColors(), columns } : { color: false, columns: 80 }
}
