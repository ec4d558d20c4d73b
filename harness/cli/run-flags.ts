import { usageError } from '../base/errors.ts'
import type { MeasuringFlags } from './options.ts'

/** What commander makes of the flags of `crossover run`; absent where the profile or a default decides. */
export interface RunFlags extends MeasuringFlags {
  readonly arms?: string
  /** The arm that all others are compared with: its label as written, or its place from 1. */
  readonly against?: string
  readonly loads?: string
  /** `<percentile>=<time>`. */
  readonly slo?: string
  /** Path of a log. */
  readonly trace?: string
  /** How the log is written: `combined`. */
  readonly traceFormat?: string
  /** Which of its columns are meant: `instant=timestamp,key=path`. */
  readonly columns?: string
  /** Requests of one instant are spread up to the next. */
  readonly traceSpread?: true
  readonly pairs?: number
  /** A share: `10%` or `0.1`. */
  readonly untilPrecise?: string
  readonly metric?: string
  /** `20ms` or `10x`. */
  readonly within?: string
  readonly virtualCores?: number
  readonly transport: string
  /** In all. */
  readonly connections?: number
  readonly pipelining?: number
  readonly tcpPort?: number
  readonly profile: string
  /** The result at length. */
  readonly verbose?: true
  /** Every scenario that comes with the package. */
  readonly all?: true
  /** A report, or a folder of several, that the run is compared with at its end. */
  readonly baseline?: string
  /** Names of parameters whose change is what that comparison is about. */
  readonly changed?: readonly string[]
  /** Limits of that comparison, as typed. */
  readonly failIf?: readonly string[]
  /** `pass`: a limit of which nobody can tell is passed. @default `tell` */
  readonly undecided?: string
  /** What arms are judged against there: `other`, `none`, or an arm. @default `other` */
  readonly control?: string
  readonly idle?: string
  readonly permits?: string
  readonly stagedLayout?: string
  readonly stagedInline?: string
  /** False behind `--no-reference`: the default arms without the fused layout. */
  readonly reference: boolean
}

/** Flags that contradict each other, and what each of them is for. */
const CONFLICTS: readonly (readonly [
  first: keyof RunFlags,
  second: keyof RunFlags,
  cure: string,
])[] = [
  [
    'untilPrecise',
    'pairs',
    'leave out one: --pairs measures so many pairs, --until-precise as many as it takes',
  ],
  ['slo', 'loads', 'leave out one: --loads compares at these loads, --slo searches for a load'],
  [
    'slo',
    'untilPrecise',
    'leave out one: --until-precise is for given loads, --slo searches for a load',
  ],
  ['slo', 'class', 'leave out one: an objective is kept by all requests'],
  ['all', 'class', 'leave out one: a class is of one scenario'],
  ['baseline', 'slo', 'leave out one: a baseline has loads, --slo searches for a load'],
  ['json', 'verbose', 'leave out one: --json has all that --verbose says in report.json'],
  ['all', 'verbose', 'leave out one: of several runs a line each is printed'],
  ['all', 'trace', 'leave out one: a log has the requests of one scenario'],
  ['all', 'param', 'leave out one: a parameter is of one scenario; name those that have it'],
]

/** Flags that say something about a log. */
const ABOUT_LOGS = ['traceFormat', 'columns', 'traceSpread'] as const

/** Refuses flags that contradict each other, or say something of what is not there. */
export function refuseConflicts(flags: RunFlags): void {
  const lone = ABOUT_LOGS.find((flag) => flags[flag] !== undefined)
  if (lone !== undefined && flags.trace === undefined)
    throw usageError(
      'conflict',
      `${asTyped(lone, flags)} says how a log is read, and there is none`,
      'add --trace <file>',
    )
  for (const [first, second, cure] of CONFLICTS) {
    if (flags[first] === undefined || flags[second] === undefined) continue
    throw usageError(
      'conflict',
      `${asTyped(first, flags)} and ${asTyped(second, flags)} exclude each other`,
      cure,
    )
  }
}

/** A flag as it is typed: `untilPrecise` as `--until-precise 10%`. */
function asTyped(key: keyof RunFlags, flags: RunFlags): string {
  const name = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  const value = flags[key]
  return value === true ? name : `${name} ${String(value)}`
}
