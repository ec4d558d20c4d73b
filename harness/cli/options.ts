import { type Command, Option } from 'commander'
import { usageError } from '../base/errors.ts'
import { MS_PER_SECOND } from '../base/units.ts'
import type { ParameterSpecs } from '../contract/scenario.ts'
import { METRIC_NAMES, MOST_PAIRS } from '../asked/quantities.ts'
import { describeParameter } from '../asked/parameters.ts'

/** Flags of every command that measures a scenario, as commander makes them; absent where the scenario or a default decides. */
export interface MeasuringFlags {
  /** A confidence: `0.95` or `95%`. */
  readonly level: string
  /** Name of a class of requests. */
  readonly class?: string
  /** Seconds. */
  readonly duration?: number
  /** Seconds. */
  readonly budget?: number
  readonly cpus?: string
  /** Seconds. @default as long as is usual where it runs */
  readonly waitQuiet?: number
  readonly seed?: number
  /** `name=value` texts. */
  readonly param?: readonly string[]
  /** Folder that gets the measurement's folder. */
  readonly out: string
  readonly json?: true
}

/**
 * How long it may take: as the user says; else the usual, unless one of these flags says how much to measure: then that is
 * measured, however long it takes.
 */
export function budgetSeconds(
  { budget }: Pick<MeasuringFlags, 'budget'>,
  howMuch: readonly unknown[],
  usual: number | null,
): number | null {
  return budget ?? (howMuch.some((flag) => flag !== undefined) ? null : usual)
}

/* Options that several commands take, each declared once; what differs from command to command is said by its caller. */

/** @param examples and what is taken where the user does not say */
export function overOption(examples: string): Option {
  return new Option('--over <range>', `what varies: ${examples}`)
}

/** @param more what is taken where the user does not say, in words */
export function loadOption(where: string, more = ''): Option {
  return new Option('--load <load>', `${where}: 50% of the smallest capacity, 200000/s${more}`)
}

export function metricOption(what: string): Option {
  return new Option(
    '--metric <name>',
    `${what}: ${METRIC_NAMES.join(', ')} (default: the scenario’s, else p99)`,
  )
}

/** @param more what else it takes */
export function withinOption(more = ''): Option {
  return new Option(
    '--within <time>',
    `how soon an answer must come to be useful, for goodput: 20ms${more} (default: the scenario’s, else goodput is not measured)`,
  )
}

/** @param of what it makes of them */
export function classOption(of: string): Option {
  return new Option(
    '--class <name>',
    `${of} of one class of requests that the scenario names (default: of all requests)`,
  )
}

export function levelOption(of: string): Option {
  return new Option('--level <number>', `confidence of ${of}: 0.95, 99%`).default('0.95')
}

/** Of two arms alone. */
export function twoArmsOption(): Option {
  return new Option(
    '--arms <first,second>',
    'architecture[:option=value…] twice (default: the scenario’s, else staged,sharded)',
  )
}

/** @param flag `--pairs` or `--rounds` */
export function pairsOption(flag: string, description: string, maximum = MOST_PAIRS): Option {
  return new Option(`${flag} <count>`, description).argParser(
    wholeNumber(flag, { minimum: 1, maximum }),
  )
}

/** @param usual in words; undefined where a profile says it */
export function durationOption(usual?: string): Option {
  const unless = usual === undefined ? '' : ` (default: ${usual})`
  return new Option(
    '--duration <time>',
    `steady state of one trial: 1s, 500ms; a number alone is seconds${unless}`,
  ).argParser(seconds('--duration', { minimum: 0.1, maximum: 600 }))
}

export function budgetOption(description: string): Option {
  return new Option('--budget <time>', description).argParser(
    seconds('--budget', { minimum: 1, maximum: 86_400 }),
  )
}

export function paramOption(): Option {
  return new Option(
    '--param <name=value>',
    'a parameter of the scenario; may be repeated',
  ).argParser(append)
}

export function cpusOption(): Option {
  return new Option(
    '--cpus <list>',
    'processors to use: 0-1 or 0,2 (default: all online that this process may use, as many as its control group allows)',
  )
}

/** Of every command that measures: see `waitForQuiet`. */
export function waitQuietOption(): Option {
  return new Option(
    '--wait-quiet <time>',
    'how long to wait for other programs to leave these processors; 0: not at all, and measure to the end whatever they do (default: 120s on a terminal, else 60s)',
  ).argParser(seconds('--wait-quiet', { minimum: 0, maximum: 86_400 }))
}

/** @param more behind what it is */
export function virtualCoresOption(more = ''): Option {
  return new Option(
    '--virtual-cores <count>',
    `threads in place of processors, for a scenario whose service is a wait${more}`,
  ).argParser(wholeNumber('--virtual-cores', { minimum: 1, maximum: 64 }))
}

/** @param of `every trace` */
export function seedOption(of: string): Option {
  return new Option('--seed <number>', `seed of ${of} (default: drawn)`).argParser(
    wholeNumber('--seed', { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  )
}

/** @param what goes there */
export function outOption(what: string): Option {
  return new Option('--out <folder>', what).default('reports')
}

/** Of the commands that print a run’s result. */
export function verboseOption(): Option {
  return new Option('--verbose', 'print all figures and doubts, not the result in 25 lines')
}

/** @param what is printed beside the path */
export function jsonOption(what = 'the path and the figures'): Option {
  return new Option('--json', `print nothing but ${what}, as JSON`)
}

/**
 * The last options of a command that measures a scenario: on what, where, by which seed, and what is left of it.
 * @param of what the seed is of and what `--out` gets; where cores may be virtual, what is to be said of that
 */
export function addPlaceOptions(
  command: Command,
  of: { readonly seed: string; readonly out: string; readonly virtualCores?: string },
): Command {
  command.addOption(paramOption()).addOption(cpusOption()).addOption(waitQuietOption())
  if (of.virtualCores !== undefined) command.addOption(virtualCoresOption(of.virtualCores))
  return command.addOption(seedOption(of.seed)).addOption(outOption(of.out)).addOption(jsonOption())
}

/** What becomes of a limit that a comparison can neither pass nor fail. */
export function undecidedOption(): Option {
  return new Option(
    '--undecided <way>',
    'a limit of which nobody can tell: tell (exit with 4), pass (exit with 0)',
  ).default('tell')
}

/** A limit of a comparison. */
export function failIfOption(description: string): Option {
  return new Option('--fail-if <limit>', description).argParser(append)
}

/** What was changed on purpose from one run to another. */
export function changedOption(of: string): Option {
  return new Option(
    '--changed <parameter>',
    `a parameter of the scenario whose change is what ${of} is about; may be repeated`,
  ).argParser(append)
}

/** Of an option that may be repeated. */
function append(text: string, texts: readonly string[] = []): string[] {
  return [...texts, text]
}

interface Range {
  readonly minimum: number
  readonly maximum: number
}

/** A parser of a flag's whole number. */
export function wholeNumber(flag: string, range: Range): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (isWithin(value, range)) return value
    throw usageError(
      'flag',
      `${flag} ${text}: not a whole number in range`,
      `${flag} takes ${range.minimum} to ${range.maximum}`,
    )
  }
}

/** Units of a time span; of each so many are a second. */
const PER_SECOND_OF: Readonly<Record<string, number>> = { ms: MS_PER_SECOND, s: 1, min: 1 / 60 }

/** A parser of a flag's time span: `2s`, `500ms` or `3min`, as seconds; a number alone is seconds. */
export function seconds(flag: string, range: Range): (text: string) => number {
  return (text) => {
    const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?|\.\d+)(ms|s|min)?$/.exec(text) ?? []
    const value = Number(digits) / PER_SECOND_OF[unit]!
    if (isWithin(value, range)) return value
    throw usageError(
      'flag',
      `${flag} ${text}: not a time span in range`,
      `${flag} takes ${range.minimum}s to ${range.maximum}s, e.g. ${flag} 2s or ${flag} 2500ms`,
    )
  }
}

function isWithin(value: number, range: Range): boolean {
  return value >= range.minimum && value <= range.maximum
}

/** A line for each parameter or option: its name, what it is for and what it may be. */
export function describeSpecs(specs: ParameterSpecs, indent: string): string {
  return Object.entries(specs)
    .map(([name, spec]) => `${indent}${name}: ${spec.description}; ${describeParameter(spec)}`)
    .join('\n')
}
