import { loadavg } from 'node:os'
import type { Clock } from '../base/clock.ts'
import { readThrottledSeconds } from '../base/cgroup.ts'
import { foreignShare, readProcessorTime } from '../measure/processor-time.ts'
import type { Report } from '../results/schema.ts'
import { NS_PER_SECOND } from '../base/units.ts'
import { COUNT, formatPercent, formatQuantity, formatTime } from '../words/format.ts'

type Environment = Report['environment']
type Warning = Report['warnings'][number]

const LARGEST_LOAD_PER_CORE = 0.5
const LARGEST_OTHERS_SHARE = 0.05
const LARGEST_STEAL_SHARE = 0.02

/**
 * Flags that make node slower or observe it, in V8's own spelling (hyphens, no value). Sizes of the heap are missing
 * on purpose: who sets them means to, and the report lists them.
 */
const SLOWING_FLAGS =
  /^--(?:jitless|lite-mode|max-lazy|optimize-for-size|predictable|single-threaded|interpreted-frames-native-stack|no-?(?:opt|turbofan|maglev|sparkplug|lazy-feedback-allocation|concurrent-recompilation|use-ic)|inspect|debug|cpu-prof|heap-prof|prof|perf|trace|stress|log|experimental-test-coverage)(?:-|$)/

/** Doubts about the machine and the runtime that are known before the first trial. @param cpus those of the run. */
export function warningsBefore(environment: Environment, cpus: readonly number[]): Warning[] {
  return [
    governorWarning(environment),
    smtWarning(environment),
    quotaWarning(environment, cpus.length),
    loadWarning(environment),
    flagsWarning(environment),
  ].filter((warning) => warning !== null)
}

/** Doubts about what others did during the run; none for figures that could not be read. */
export function warningsAfter(environment: Environment): Warning[] {
  return [
    othersWarning(environment),
    stealWarning(environment),
    throttledWarning(environment),
  ].filter((warning) => warning !== null)
}

function governorWarning({ governor }: Environment): Warning | null {
  if (governor === null || governor === 'performance') return null
  return {
    code: 'governor',
    message: `the frequency governor is ${governor}: the processors' speed follows the load, and with it every latency`,
    cure: 'set it for the run: cpupower frequency-set --governor performance',
  }
}

function smtWarning({ smt }: Environment): Warning | null {
  if (smt !== true) return null
  return {
    code: 'smt',
    message:
      'simultaneous multithreading is on: two processors may share one core and slow each other down',
    cure: 'name one processor per core with --cpus (lscpu --extended shows them), or turn it off: echo off > /sys/devices/system/cpu/smt/control',
  }
}

function quotaWarning({ cgroupQuota }: Environment, used: number): Warning | null {
  // `2.00 processors`; `max` is no number, and no limit.
  const processors = Number.parseFloat(cgroupQuota ?? '')
  if (!(processors < used)) return null
  return {
    code: 'cgroup-quota',
    message: `the control group allows ${cgroupQuota}, and the run uses ${used}: the kernel stops the threads when the quota is used up, for milliseconds at a time`,
    cure: 'raise the limit of the container or service, or use fewer processors with --cpus',
  }
}

function loadWarning({ loadAverageBefore, cores }: Environment): Warning | null {
  const [load = 0] = loadAverageBefore
  if (load <= LARGEST_LOAD_PER_CORE * cores) return null
  return {
    code: 'load-before',
    message: `the load average of the minute before the run was ${formatQuantity(load, COUNT)} on ${cores} cores: others were at work`,
    cure: 'end other programs and wait a minute; an earlier run also counts',
  }
}

function flagsWarning({ nodeFlags }: Environment): Warning | null {
  // V8 takes underscores for hyphens.
  const slowing = nodeFlags.filter((flag) =>
    SLOWING_FLAGS.test(flag.replace(/=.*$/, '').replaceAll('_', '-')),
  )
  if (slowing.length === 0) return null
  return {
    code: 'node-flags',
    message: `node runs with ${slowing.join(' ')}: it is slower than it is for others`,
    cure: 'leave these flags off the command line and out of NODE_OPTIONS',
  }
}

function othersWarning({ othersShare }: Environment): Warning | null {
  if (othersShare === null || othersShare <= LARGEST_OTHERS_SHARE) return null
  return {
    code: 'busy-machine',
    message: `other processes took ${percent(othersShare)} of the processors' time during the run (limit ${percent(LARGEST_OTHERS_SHARE)})`,
    cure: 'end other programs, or keep them off these processors, and run again',
  }
}

function stealWarning({ stealShare }: Environment): Warning | null {
  if (stealShare === null || stealShare <= LARGEST_STEAL_SHARE) return null
  return {
    code: 'steal',
    message: `the hypervisor gave ${percent(stealShare)} of the processors' time to other machines during the run (limit ${percent(LARGEST_STEAL_SHARE)})`,
    cure: 'use a machine with dedicated processors, or run at a quieter hour',
  }
}

function throttledWarning({ throttledSeconds, cgroupQuota }: Environment): Warning | null {
  if (throttledSeconds === null || throttledSeconds <= 0) return null
  return {
    code: 'throttled',
    message: `the control group was stopped for ${formatTime(throttledSeconds * NS_PER_SECOND)} during the run, summed over processors (limit of the group: ${cgroupQuota ?? 'unknown'})`,
    cure: 'raise the limit of the container or service, or use fewer processors with --cpus',
  }
}

/** Without it trials have no gate `noise`, and nobody would miss it. */
function unseenWarning(cpus: readonly number[]): Warning {
  return {
    code: 'noise-unseen',
    message: `what others take of processors ${cpus.join(', ')} cannot be read: trials have no gate noise, and no other program is noticed`,
    cure: 'run on Linux where /proc/stat has a line for each of them, or see to it that nothing else is at work',
  }
}

function percent(share: number): string {
  return formatPercent(share, 1)
}

/** What is watched, and where it is written down. */
interface WatchedMachine {
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
  if (before === null) warnings.push(unseenWarning(cpus))
  const childBefore = childSeconds()
  const throttledBefore = readThrottledSeconds()
  return {
    end: () => {
      const after = readProcessorTime(cpus, clock)
      const foreign = before && after && foreignShare(after, before, childSeconds() - childBefore)
      const throttledAfter = readThrottledSeconds()
      environment.loadAverageAfter = loadavg()
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
