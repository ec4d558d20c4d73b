import type { Clock } from '../base/clock.ts'
import { readThrottledSeconds } from '../measure/cgroup.ts'
import { readLoadAverage } from '../measure/environment.ts'
import { foreignShare, readProcessorTime } from '../measure/processor-time.ts'
import type { Report } from '../results/schema.ts'
import { warningsAfter } from './environment-warnings.ts'

/** What is watched, and where it is written down. */
export interface WatchedMachine {
  /** Gets the load average, the shares of others and the throttled time at the end. */
  readonly environment: Report['environment']
  /** Gets the doubts about them. */
  readonly warnings: Report['warnings']
  /** Processors that are watched. */
  readonly cpus: readonly number[]
  readonly clock: Clock
  /** CPU time of child processes that are ours; @default none */
  readonly childSeconds?: () => number
}

/**
 * Looks at what others do to the machine from now to `end`. Others are all processes but this one and the children that
 * are told of: whoever starts other children that work must end the watch before.
 */
export function watchMachine(watched: WatchedMachine): { end: () => void } {
  const { environment, warnings, cpus, clock, childSeconds = () => 0 } = watched
  const before = readProcessorTime(cpus, clock)
  const childBefore = childSeconds()
  const throttledBefore = readThrottledSeconds()
  return {
    end: () => {
      const after = readProcessorTime(cpus, clock)
      const foreign = before && after && foreignShare(after, before, childSeconds() - childBefore)
      const throttledAfter = readThrottledSeconds()
      environment.loadAverageAfter = readLoadAverage()
      environment.stealShare = foreign?.stealShare ?? null
      environment.othersShare = foreign?.othersShare ?? null
      environment.throttledSeconds =
        throttledBefore === null || throttledAfter === null
          ? null
          : throttledAfter - throttledBefore
      warnings.push(...warningsAfter(environment))
    },
  }
}
