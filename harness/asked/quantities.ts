import { usageError } from '../base/errors.ts'
import { namesCure, requireName } from '../base/text.ts'
import { NS_PER_MS, NS_PER_SECOND, NS_PER_US } from '../base/units.ts'
import type { Workload } from '../contract/workload.ts'
import { COMPARISON_NAMES, type ComparisonName, OBJECTIVE_PERCENTILES } from '../results/schema.ts'
import { VALIDATION_PARTS, type ValidationPart } from '../results/validate.ts'
import { fewestPairs } from '../stats/verdict.ts'
import { formatPercent } from '../words/format.ts'
import { isLatency, METRICS } from '../words/metrics.ts'
import type { Profile } from './profiles.ts'
import type { ObjectiveRequest, WithinRequest } from './requests.ts'

/** What verdicts can be about, by the name that people use. */
const BY_FLAG: ReadonlyMap<string, ComparisonName> = new Map(
  COMPARISON_NAMES.map((name) => [METRICS[name].flag, name]),
)

/** The names that `--metric` takes. */
export const METRIC_NAMES: readonly string[] = [...BY_FLAG.keys()]

/** Reads a metric's name; `p99_9`, as reports spell it, is taken for `p99.9`. */
export function parseMetric(text: string): ComparisonName {
  const known = BY_FLAG.get(text.replace('_', '.'))
  return known ?? BY_FLAG.get(requireName(text, METRIC_NAMES, '--metric', 'metric'))!
}

/** The name that people use for a metric: `p99.9`, `throughput`, `cpu`. */
export function metricName(metric: ComparisonName): string {
  return METRICS[metric].flag
}

/**
 * Reads the name of a class of requests, one of those that the workload names; null where the user names none.
 * @param metric what is judged by it; null where only latencies are told
 */
export function parseRequestClass(
  text: string | undefined,
  { classes }: Pick<Workload, 'classes'>,
  metric: ComparisonName | null,
): string | null {
  if (text === undefined) return null
  if (classes === undefined) {
    throw usageError(
      'class',
      `--class ${text}: the scenario names no classes of requests`,
      'leave out --class, or name classes in its workload: classes: { by: …, names: […] }',
    )
  }
  if (metric !== null && !isLatency(metric)) {
    throw usageError(
      'class',
      `--class ${text}: ${metricName(metric)} is of all requests, not of a class`,
      'leave out --class, or name a latency: --metric p99',
    )
  }
  if (classes.names.includes(text)) return text
  throw usageError(
    'class',
    `--class: no class of requests has this name: ${text || '(empty)'}`,
    namesCure(text, classes.names, 'classes'),
  )
}

/** Reads `10%` or `0.1` as a share of one; undefined when the text is neither. The range is the caller's to check. */
export function parseShare(text: string): number | undefined {
  const [, digits, percentSign] = /^(\d+(?:\.\d+)?|\.\d+)(%)?$/.exec(text) ?? []
  if (digits === undefined) return undefined
  return percentSign === undefined ? Number(digits) : Number(digits) / 100
}

/** A flag that takes a share. */
interface ShareFlag {
  readonly flag: string
  /** Code of the error. */
  readonly code: string
  readonly holds: (share: number) => boolean
  /** What a text is not that is refused, with its article: `a confidence`. */
  readonly what: string
  /** What it takes, and an example. */
  readonly takes: string
}

function parseShareOf(text: string, { flag, code, holds, what, takes }: ShareFlag): number {
  const share = parseShare(text)
  if (share !== undefined && holds(share)) return share
  throw usageError(code, `${flag} ${text}: not ${what}`, `${flag} takes ${takes}`)
}

/** Below it an interval says less than a coin. */
const LOWEST_LEVEL = 0.5

/** Reads `0.95` or `95%`: the confidence of intervals and verdicts, 0.5 ≤ level < 1. */
export function parseLevel(text: string): number {
  return parseShareOf(text, {
    flag: '--level',
    code: 'level',
    holds: (share) => share >= LOWEST_LEVEL && share < 1,
    what: 'a confidence',
    takes: '0.5 and more, and less than 1, e.g. --level 0.95 or --level 99%',
  })
}

/** Reads `10%` or `0.1`: how far an interval may reach from its estimate before no more pairs are added. */
export function parsePrecision(text: string): number {
  return parseShareOf(text, {
    flag: '--until-precise',
    code: 'precision',
    holds: (share) => share >= 0.01 && share <= 1,
    what: 'a precision',
    takes: '1% to 100%, e.g. --until-precise 10% or --until-precise 0.1',
  })
}

/** Reads `10%` or `0.1`: the share of the range at which the interval of a crossing is narrow enough. */
export function parseUntil(text: string): number {
  return parseShareOf(text, {
    flag: '--until',
    code: 'until',
    holds: (share) => share >= 0.01 && share <= 0.5,
    what: 'a share of the range',
    takes: '1% to 50%, e.g. --until 5% or --until 0.05',
  })
}

const OBJECTIVE = /^(p[\d._]+)=(\d+(?:\.\d+)?|\.\d+)(ns|us|µs|μs|ms|s)$/
/** Both letters that look like a micro sign are taken. */
const UNITS: readonly (readonly [string, number])[] = [
  ['s', NS_PER_SECOND],
  ['ms', NS_PER_MS],
  ['µs', NS_PER_US],
  ['μs', NS_PER_US],
  ['us', NS_PER_US],
  ['ns', 1],
]
const LONGEST_LIMIT_NS = 60 * NS_PER_SECOND

/** Reads `p99=1ms` or `p99.9=500us`: the latency that must be kept. The unit must be given. */
export function parseObjective(text: string): ObjectiveRequest {
  const [, name = '', digits, unit] = OBJECTIVE.exec(text) ?? []
  const percentile = OBJECTIVE_PERCENTILES.find((known) => known === name.replace('.', '_'))
  const size = UNITS.find(([symbol]) => symbol === unit)?.[1] ?? Number.NaN
  const limitNs = Number(digits) * size
  if (percentile !== undefined && limitNs > 0 && limitNs <= LONGEST_LIMIT_NS) {
    return { percentile, limitNs }
  }
  throw usageError(
    'objective',
    `--slo ${text}: not an objective`,
    '--slo takes a percentile (p50, p90, p99 or p99.9) and a time up to 60s in ns, us, ms or s, e.g. --slo p99=1ms',
  )
}

const WITHIN = /^(\d+(?:\.\d+)?|\.\d+)(ns|us|µs|μs|ms|s|x)$/
const MOST_TIMES = 1_000

/**
 * Reads `20ms` or `10x`: how soon an answer must come to be useful.
 * @param isRelative whether it may be a multiple of a latency that the measurement finds
 */
export function parseWithin(text: string, isRelative: boolean): WithinRequest {
  const [, digits, unit] = WITHIN.exec(text) ?? []
  const number = Number(digits)
  if (unit === 'x' && isRelative && number >= 1 && number <= MOST_TIMES)
    return { kind: 'times', text, factor: number }
  const ns = number * (UNITS.find(([symbol]) => symbol === unit)?.[1] ?? Number.NaN)
  if (ns > 0 && ns <= LONGEST_LIMIT_NS) return { kind: 'time', text, ns }
  const multiple = `, or 1x to ${MOST_TIMES}x the largest p99 of any arm at the first load`
  throw usageError(
    'within',
    `--within ${text}: not a time within which an answer is useful`,
    `--within takes a time up to 60s in ns, us, ms or s${isRelative ? multiple : ''}, e.g. --within 20ms${isRelative ? ' or --within 10x' : ''}`,
  )
}

/** Refuses goodput without a time within which an answer is useful. */
export function requireWithin(metric: ComparisonName, within: WithinRequest | null): void {
  if (metric !== 'goodputPerSecond' || within !== null) return
  throw usageError(
    'within',
    '--metric goodput: within what time an answer is useful is not said',
    'add --within 20ms',
  )
}

/** The exact signed-rank distribution is counted in doubles: beyond this many pairs it would no longer be exact. */
export const MOST_PAIRS = 64

/** Pairs at each value of a sweep, and rounds of an ablation, where nobody says otherwise. */
export const DEFAULT_REPETITIONS = 8

/**
 * So many repetitions: those asked for, or eight. Refused when an interval of the level needs more.
 * @param what the flag that sets them, without its hyphens.
 */
export function chooseRepetitions(
  what: 'pairs' | 'rounds',
  asked: number | undefined,
  level: number,
): number {
  if (asked === undefined)
    requireEnough(what, DEFAULT_REPETITIONS, level, `the default is ${DEFAULT_REPETITIONS}`)
  else requireEnough(what, asked, level)
  return asked ?? DEFAULT_REPETITIONS
}

/**
 * The rounds, each of which gives a pair at every load: those asked for, or else the profile's. Refused when an interval of
 * the level needs more; only a profile of a single round, which promises no verdict, may have fewer.
 */
export function choosePairs(asked: number | undefined, level: number, profile: Profile): number {
  const { name, rounds } = profile
  if (asked !== undefined) requireEnough('pairs', asked, level)
  else if (rounds > 1) requireEnough('pairs', rounds, level, `profile ${name} has ${rounds} rounds`)
  return asked ?? rounds
}

/** @param source where the number comes from, as half a sentence. @default the user */
function requireEnough(what: string, count: number, level: number, source?: string): void {
  const needed = fewestPairs(level)
  if (count >= needed) return
  const share = formatPercent(level)
  const needs = `an interval of ${share} needs at least ${needed} ${what}`
  throw source === undefined
    ? usageError(
        what,
        `--${what} ${count}: ${needs}`,
        `--${what} ${needed} or more, or a lower --level`,
      )
    : usageError(
        what,
        `--level ${share.replace(' ', '')}: ${needs}, and ${source}`,
        `--${what} ${needed}`,
      )
}

/** Reads `theory,omission`: the parts to measure, in the order of the validation, each once; without any all but `engine`. */
export function parseValidationParts(text?: string): ValidationPart[] {
  if (text === undefined) return VALIDATION_PARTS.filter((part) => part !== 'engine')
  const named = text
    .split(',')
    .map((name) => requireName(name.trim(), VALIDATION_PARTS, '--only', 'part', 'validation-part'))
  return VALIDATION_PARTS.filter((part) => named.includes(part))
}
