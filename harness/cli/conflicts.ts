import { usageError } from '../base/errors.ts'
import type { RunFlags } from './run-flags.ts'

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
]

/** Refuses flags that contradict each other. */
export function refuseConflicts(flags: RunFlags): void {
  for (const [first, second, cure] of CONFLICTS) {
    if (flags[first] === undefined || flags[second] === undefined) continue
    throw usageError(
      'conflict',
      `${flagName(first)} ${String(flags[first])} and ${flagName(second)} ${String(flags[second])} exclude each other`,
      cure,
    )
  }
}

/** `untilPrecise` as it is typed: `--until-precise`. */
function flagName(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
