/** The command line that repeats a measurement, fit for a shell, with the seed when it was drawn. */
export function commandLine(
  args: readonly string[],
  flags: { readonly seed?: number },
  seed: number,
): string {
  const seedArgs = flags.seed === undefined ? ['--seed', String(seed)] : []
  return shellCommand([...args, ...seedArgs])
}

/** A command line of crossover, fit for a shell. */
export function shellCommand(args: readonly string[]): string {
  return ['npx', 'crossover', ...args].map(shellQuoted).join(' ')
}

/** One word, quoted where a shell would take it for something else. */
export function shellQuoted(arg: string): string {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", String.raw`'\''`)}'`
}

/** Flags of `crossover run` that take no value. */
const WITHOUT_VALUE: ReadonlySet<string> = new Set([
  '--all',
  '--json',
  '--no-reference',
  '--verbose',
])

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
