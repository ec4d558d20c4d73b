import type { Report } from '../results/schema.ts'

type Warning = Report['warnings'][number]

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
