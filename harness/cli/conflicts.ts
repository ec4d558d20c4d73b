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
  ['baseline', 'slo', 'leave out one: a baseline has loads, --slo searches for a load'],
  ['all', 'trace', 'leave out one: a log has the requests of one scenario'],
  ['all', 'param', 'leave out one: a parameter is of one scenario; name those that have it'],
]

/** Refuses flags that contradict each other. */
export function refuseConflicts(flags: RunFlags): void {
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
