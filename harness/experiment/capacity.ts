import { NS_PER_SECOND } from '../base/units.ts'
import type { Warning } from '../results/measurement.ts'
import type { Estimate } from '../results/schema.ts'
import { medianInterval } from '../stats/intervals.ts'
import { pairLog, ratioOverPairs } from '../stats/ratio-over-pairs.ts'
import type { Bracket } from '../trial/server-under-test.ts'

/** The median of a few values with their smallest and largest; `level` null says that it is a range. */
export function spread(values: readonly number[], unit: string): Estimate {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const value =
    sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  return { value, lower: sorted[0]!, upper: sorted.at(-1)!, level: null, n: sorted.length, unit }
}

/** The median over rounds with its interval; a range while there are too few for one of the level. */
export function overRounds(values: readonly number[], level: number, unit: string): Estimate {
  const interval = medianInterval(values, level)
  return interval.level < level ? spread(values, unit) : { ...interval, n: values.length, unit }
}

/** Second ÷ first over the rounds in which both are known. */
export function ratioOfRounds(
  first: readonly (number | null)[],
  second: readonly (number | null)[],
  level: number,
): Estimate | null {
  const logs = first.map((value, round) => pairLog(value, second[round] ?? null))
  return ratioOverPairs(
    logs.filter((log) => log !== null),
    level,
  )
}

/**
 * What the architecture adds to a request: cores ÷ capacity − cores ÷ inline ceiling, in nanoseconds of one core.
 * The bounds combine the best of one with the worst of the other.
 */
export function overheadOf(capacity: Estimate, ceiling: Estimate, cores: number): Estimate {
  const costNs = (perSecond: number) => (cores * NS_PER_SECOND) / perSecond
  return {
    value: costNs(capacity.value) - costNs(ceiling.value),
    lower: costNs(capacity.upper) - costNs(ceiling.lower),
    upper: costNs(capacity.lower) - costNs(ceiling.upper),
    level: null,
    n: Math.min(capacity.n, ceiling.n),
    unit: 'ns',
  }
}

/** Bounds of a bracket are 3 % apart: the estimate is in between. */
export function midOf({ kept, failed }: Bracket): number {
  return failed === null ? kept : Math.sqrt(kept * failed)
}

/** Code of the warning that a capacity is the client's. */
export const CLIENT_LIMIT = 'client-limit'

/**
 * What capacity trials leave to be doubted, as one warning per gate however many trials failed it. It is in the list from the
 * first of them on, so that an interruption loses nothing of it.
 */
export class CapacityDoubts {
  readonly #warnings: Warning[]
  readonly #byGate = new Map<string, { warning: Warning; trials: number; arms: Set<string> }>()

  /** @param warnings the report's, which it adds to. */
  constructor(warnings: Warning[]) {
    this.#warnings = warnings
  }

  /** Takes note of a trial of this arm that failed this gate. */
  add(gate: string, arm: string): void {
    const known = this.#byGate.get(gate)
    const arms = new Set([...(known?.arms ?? []), arm])
    const trials = (known?.trials ?? 0) + 1
    const warning = capacityWarning(gate, trials, [...arms])
    if (known === undefined) this.#warnings.push(warning)
    else this.#warnings[this.#warnings.indexOf(known.warning)] = warning
    this.#byGate.set(gate, { warning, trials, arms })
  }
}

function capacityWarning(gate: string, trials: number, arms: readonly string[]): Warning {
  const counted = trials === 1 ? '1 capacity trial' : `${trials} capacity trials`
  const of = `${arms.length === 1 ? 'arm' : 'arms'}=${arms.join(', ')}`
  return gate === 'generator'
    ? {
        code: CLIENT_LIMIT,
        message: `the client, not the server, limited the capacity in ${counted}: ${of}`,
        cure: 'loads in percent are shares of what the client can do; give the servers fewer processors with --cpus, or name loads per second',
      }
    : {
        code: 'capacity-gate',
        message: `${counted} failed the gate ${gate}: ${of}`,
        cure: 'look at the range of the capacity: loads in percent refer to that of the first round; where it is wide, name loads per second, --loads 20000/s',
      }
}
