import { usageError } from '../base/errors.ts'
import { namesCure } from '../base/text.ts'
import { NS_PER_MS, NS_PER_SECOND, NS_PER_US } from '../base/units.ts'
import { COMPARISON_NAMES, type ComparisonName, OBJECTIVE_PERCENTILES } from '../results/schema.ts'
import { VALIDATION_PARTS, type ValidationPart } from '../results/validate.ts'
import { fewestPairs } from '../stats/verdict.ts'
import { METRICS } from '../words/metrics.ts'
import type { Profile } from './profiles.ts'
import type { ObjectiveRequest } from './requests.ts'

/** What verdicts can be about, by the name that people use. */
const BY_FLAG: ReadonlyMap<string, ComparisonName> = new Map(
  COMPARISON_NAMES.map((name) => [METRICS[name].flag, name]),
)

/** The names that `--metric` takes. */
export const METRIC_NAMES: readonly string[] = [...BY_FLAG.keys()]

/** Reads a metric's name; `p99_9`, as reports spell it, is taken for `p99.9`. */
export function parseMetric(text: string): ComparisonName {
  const metric = BY_FLAG.get(text.replace('_', '.'))
  if (metric !== undefined) return metric
  throw usageError(
    'metric',
    `--metric: no metric has this name: ${text || '(empty)'}`,
    namesCure(text, METRIC_NAMES, 'metrics'),
  )
}

/** The name that people use for a metric: `p99.9`, `throughput`, `cpu`. */
export function metricName(metric: ComparisonName): string {
  return METRICS[metric].flag
}

/** Reads `10%` or `0.1` as a share of one; undefined when the text is neither. The range is the caller's to check. */
export function parseShare(text: string): number | undefined {
  const [, digits, percentSign] = /^(\d+(?:\.\d+)?|\.\d+)(%)?$/.exec(text) ?? []
  if (digits === undefined) return undefined
  return percentSign === undefined ? Number(digits) : Number(digits) / 100
}

/** A share as people write it: 0.95 is `95 %`. */
export function describeShare(share: number): string {
  return `${Number((share * 100).toFixed(6))} %`
}

/** Below it an interval says less than a coin. */
const LOWEST_LEVEL = 0.5

/** Reads `0.95` or `95%`: the confidence of intervals and verdicts, 0.5 ≤ level < 1. */
export function parseLevel(text: string): number {
  const level = parseShare(text)
  if (level !== undefined && level >= LOWEST_LEVEL && level < 1) return level
  throw usageError(
    'level',
    `--level ${text}: not a confidence`,
    '--level takes 0.5 and more, and less than 1, e.g. --level 0.95 or --level 99%',
  )
}

const OBJECTIVE = /^(p[\d._]+)=(\d+(?:\.\d+)?|\.\d+)(ns|us|µs|μs|ms|s)$/
/** Largest first, as a limit is printed; both letters that look like a micro sign are taken. */
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

/** An objective for people: `p99 ≤ 1 ms`. */
export function describeObjective({ percentile, limitNs }: ObjectiveRequest): string {
  const [symbol, size] = UNITS.find(([, unitNs]) => limitNs >= unitNs) ?? ['ns', 1]
  return `${percentile.replace('_', '.')} ≤ ${Number((limitNs / size).toPrecision(6))} ${symbol}`
}

/** The exact signed-rank distribution is counted in doubles: beyond this many pairs it would no longer be exact. */
export const MOST_PAIRS = 64

/**
 * The rounds, each of which gives a pair at every load: those asked for, or else the profile's. Refused when an interval of
 * the level needs more; only a profile of a single round, which promises no verdict, may have fewer.
 */
export function choosePairs(asked: number | undefined, level: number, profile: Profile): number {
  const pairs = asked ?? profile.rounds
  const needed = fewestPairs(level)
  if (pairs >= needed || (asked === undefined && pairs === 1)) return pairs
  const share = describeShare(level)
  if (asked !== undefined) {
    throw usageError(
      'pairs',
      `--pairs ${asked}: an interval of ${share} needs at least ${needed} pairs`,
      `--pairs ${needed} or more, or a lower --level`,
    )
  }
  throw usageError(
    'pairs',
    `--level ${share.replace(' ', '')}: an interval of ${share} needs at least ${needed} pairs, and profile ${profile.name} has ${pairs} rounds`,
    `--pairs ${needed}`,
  )
}

const PRECISION_RANGE = { minimum: 0.01, maximum: 1 }

/** Reads `10%` or `0.1`: how far an interval may reach from its estimate before no more pairs are added. */
export function parsePrecision(text: string): number {
  const precision = parseShare(text)
  if (
    precision !== undefined &&
    precision >= PRECISION_RANGE.minimum &&
    precision <= PRECISION_RANGE.maximum
  ) {
    return precision
  }
  throw usageError(
    'precision',
    `--until-precise ${text}: not a precision`,
    '--until-precise takes 1% to 100%, e.g. --until-precise 10% or --until-precise 0.1',
  )
}

/** Rounds of an ablation where nobody says otherwise. */
export const DEFAULT_ROUNDS = 8

/** The rounds of an ablation: those asked for, or eight. Refused when an interval of the level needs more. */
export function chooseRounds(asked: number | undefined, level: number): number {
  const rounds = asked ?? DEFAULT_ROUNDS
  const needed = fewestPairs(level)
  if (rounds >= needed) return rounds
  const share = describeShare(level)
  throw usageError(
    'rounds',
    asked === undefined
      ? `--level ${share.replace(' ', '')}: an interval of ${share} needs at least ${needed} rounds, and the default is ${rounds}`
      : `--rounds ${asked}: an interval of ${share} needs at least ${needed} rounds`,
    asked === undefined ? `--rounds ${needed}` : `--rounds ${needed} or more, or a lower --level`,
  )
}

const UNTIL_RANGE = { minimum: 0.01, maximum: 0.5 }

/** Reads `10%` or `0.1`: the share of the range at which the interval of a crossing is narrow enough. */
export function parseUntil(text: string): number {
  const until = parseShare(text)
  if (until !== undefined && until >= UNTIL_RANGE.minimum && until <= UNTIL_RANGE.maximum)
    return until
  throw usageError(
    'until',
    `--until ${text}: not a share of the range`,
    '--until takes 1% to 50%, e.g. --until 5% or --until 0.05',
  )
}

/** Reads `theory,omission`: the parts to measure, in the order of the validation, each once; without any all but `engine`. */
export function parseValidationParts(text?: string): ValidationPart[] {
  if (text === undefined) return VALIDATION_PARTS.filter((part) => part !== 'engine')
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !VALIDATION_PARTS.some((part) => part === name))
  if (unknown !== undefined) {
    throw usageError(
      'validation-part',
      `--only: no part has this name: ${unknown || '(empty)'}`,
      namesCure(unknown, VALIDATION_PARTS, 'parts'),
    )
  }
  return VALIDATION_PARTS.filter((part) => names.includes(part))
}

/** Pairs at each value of a sweep where nobody says otherwise. */
export const DEFAULT_PAIRS = 8

/** The pairs at each value: those asked for, or eight. Refused when an interval of the level needs more. */
export function chooseSweepPairs(asked: number | undefined, level: number): number {
  const pairs = asked ?? DEFAULT_PAIRS
  const needed = fewestPairs(level)
  if (pairs >= needed) return pairs
  const share = describeShare(level)
  throw usageError(
    'pairs',
    asked === undefined
      ? `--level ${share.replace(' ', '')}: an interval of ${share} needs at least ${needed} pairs, and the default is ${pairs}`
      : `--pairs ${asked}: an interval of ${share} needs at least ${needed} pairs`,
    asked === undefined ? `--pairs ${needed}` : `--pairs ${needed} or more, or a lower --level`,
  )
}
