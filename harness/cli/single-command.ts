/** Flags of `crossover run` that take no value. */
const WITHOUT_VALUE: ReadonlySet<string> = new Set(['--all', '--json', '--no-reference'])

/** The command line that runs one scenario of several, with the same flags. @param args begins with the command's name. */
export function singleCommand(
  args: readonly string[],
  names: readonly string[],
  scenario: string,
): string[] {
  const [command = 'run', ...rest] = args
  const flags = rest.filter((arg, index) => {
    const before = rest[index - 1] ?? ''
    const takesValue = before.startsWith('-') && !before.includes('=') && !WITHOUT_VALUE.has(before)
    // One that may stand alone, as --staged-inline, takes no other flag for its value.
    const isValue = takesValue && !arg.startsWith('--')
    return isValue || (arg !== '--all' && !names.includes(arg))
  })
  return [command, scenario, ...flags]
}
