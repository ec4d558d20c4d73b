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
