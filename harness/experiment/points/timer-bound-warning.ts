import { valueText } from '../../base/value-text.ts'
import type { TimerBound } from '../../results/point-pair.ts'
import { timerBoundText } from '../timer-bound.ts'
import type { ParameterRange } from './parameter-range.ts'

/** A value of a parameter, and whether declared waits are too late there for a comparison of servers. */
interface BoundValue {
  readonly value: number
  readonly timerBound: TimerBound | null
}

/** A doubt about a result. */
interface TimerBoundWarning {
  readonly code: string
  readonly message: string
  readonly cure: string
}

/**
 * The warning that names the timer-bound values of a range; null when there is none. It quotes the waits of the worst one.
 * @param consequence what follows for these values: `no winner is named there`.
 */
export function timerBoundWarning(
  range: Pick<ParameterRange, 'name' | 'unit'>,
  values: readonly BoundValue[],
  consequence: string,
): TimerBoundWarning | null {
  const bound = values.flatMap(({ value, timerBound }) =>
    timerBound === null ? [] : [{ value, timerBound }],
  )
  const [worst] = bound.toSorted((a, b) => lateness(b.timerBound) - lateness(a.timerBound))
  if (worst === undefined) return null
  const places = bound.map(({ value }) => valueText(range, value)).join(', ')
  const where = bound.length === 1 ? '' : ` at ${valueText(range, worst.value)}`
  return {
    code: 'timer-bound',
    message: `timer-bound at ${range.name} ${places}: ${timerBoundText(worst.timerBound)}${where}: the lateness of timers and of wake-ups is compared, not the servers: ${consequence}`,
    cure: 'declare longer waits, lower the load, or use a machine without a hypervisor',
  }
}

/** As a share of what was asked for. */
function lateness({ askedNs, tookNs }: TimerBound): number {
  return (tookNs - askedNs) / askedNs
}
