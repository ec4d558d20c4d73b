import { usageError } from '../base/errors.ts'
import type { LoadRequest, SingleLoad } from './requests.ts'
import { COUNT, formatQuantity } from '../words/format.ts'

/** A share of something else than of what the smallest arm sustains. */
const PLACED = /^(\d+(?:\.\d+)?)%-of-(each|busiest)$/
const LOAD = /^(\d+(?:\.\d+)?)(?:(%)|([kM]?)\/s)$/
const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1_000, M: 1_000_000 }

/** The load that is a log's own pace. */
export const LOG_LOAD = 'log'

const PERCENT_RANGE = { minimum: 0.1, maximum: 1_000 }
/** No machine serves more; a trace of more would only fill memory. */
const PER_SECOND_RANGE = { minimum: 1, maximum: 100_000_000 }

const SHARES = 'shares of capacity (0.1% to 1000%)'
const ABSOLUTE = 'requests per second (200000/s, 1.5k/s; 1/s to 100M/s)'
const PLACES =
  '80%-of-each (each arm its own share), 80%-of-busiest (by the busiest shard’s utilisation)'
const CURE = `loads are ${SHARES}, ${PLACES}, ${ABSOLUTE} or max, e.g. --loads 20%,50%,max`
const SINGLE_CURE = `--load takes one load: ${SHARES} or ${ABSOLUTE}, e.g. --load 50%`

/**
 * Reads `20%,50%,200000/s,1.5k/s,max`: the offered loads in the order in which they are measured.
 * @param logPerSecond what `log` stands for: the pace of the log that is played; null when none is.
 */
export function parseLoads(text: string, logPerSecond: number | null = null): LoadRequest[] {
  const loads = text.split(',').map((loadText) => parseLoad(loadText.trim(), logPerSecond))
  const labels = loads.map((load) => load.label)
  const twice = labels.find((label, index) => labels.indexOf(label) !== index)
  if (twice !== undefined) {
    throw usageError(
      'loads',
      `--loads: ${twice} is given twice`,
      'give each load once; --pairs sets how often it is measured',
    )
  }
  return loads
}

/** Reads `50%` or `200000/s`: one load at which latencies can be compared. */
export function parseSingleLoad(text: string): SingleLoad {
  const load = readLoad(text.trim())
  if (load !== undefined) return load
  throw usageError('load', `--load: not a load: ${text || '(empty)'}`, SINGLE_CURE)
}

function parseLoad(label: string, logPerSecond: number | null): LoadRequest {
  if (label === 'max') return { kind: 'max', label }
  if (label === LOG_LOAD) return logLoad(logPerSecond)
  const load = readPlaced(label) ?? readLoad(label)
  if (load !== undefined) return load
  throw usageError('loads', `--loads: not a load: ${label || '(empty)'}`, CURE)
}

function readPlaced(label: string): LoadRequest | undefined {
  const [, digits, kind] = PLACED.exec(label) ?? []
  const percent = Number(digits)
  if (kind === undefined || !isWithin(percent, PERCENT_RANGE)) return undefined
  return { kind: kind as 'each' | 'busiest', label, percent }
}

/**
 * Refuses loads that are placed by the busiest shard where there is none: no sharded arm, or a log, whose keys are what they are.
 * @param arms of the run
 */
export function refuseBusiest(
  loads: readonly LoadRequest[],
  arms: readonly { readonly architecture: string }[],
  isLog: boolean,
): void {
  const load = loads.find(({ kind }) => kind === 'busiest')
  if (load === undefined) return
  const cure = 'name loads per second, --loads 20000/s, or shares of capacity, --loads 50%'
  if (isLog)
    throw usageError(
      'loads',
      `--loads ${load.label}: what a shard sustains with even keys cannot be played from a log`,
      cure,
    )
  if (!arms.some(({ architecture }) => architecture === 'sharded'))
    throw usageError(
      'loads',
      `--loads ${load.label}: no arm is sharded, so there is no busiest shard`,
      `add a sharded arm, or ${cure}`,
    )
}

function logLoad(perSecond: number | null): LoadRequest {
  if (perSecond === null) {
    throw usageError(
      'loads',
      '--loads: log is the pace of a log, and none is played',
      'add --trace <file>, or name other loads',
    )
  }
  if (perSecond >= PER_SECOND_RANGE.minimum) return { kind: 'absolute', label: LOG_LOAD, perSecond }
  throw usageError(
    'loads',
    `--loads: the log has ${formatQuantity(perSecond, COUNT)} requests per second, too few for a trial`,
    'play it faster, e.g. --loads 1000/s',
  )
}

/** Reads `50%` or `200000/s`; undefined when the text is neither, or out of range. */
export function readLoad(label: string): SingleLoad | undefined {
  const [, digits, percentSign, factor = ''] = LOAD.exec(label) ?? []
  const number = Number(digits)
  if (percentSign !== undefined && isWithin(number, PERCENT_RANGE)) {
    return { kind: 'percent', label, percent: number }
  }
  const perSecond = number * FACTORS[factor]!
  if (percentSign === undefined && isWithin(perSecond, PER_SECOND_RANGE)) {
    return { kind: 'absolute', label, perSecond }
  }
  return undefined
}

function isWithin(value: number, range: { minimum: number; maximum: number }): boolean {
  return value >= range.minimum && value <= range.maximum
}
