import { join } from 'node:path'
import { readKernelText } from './kernel.ts'
import { NS_PER_SECOND, NS_PER_US } from './units.ts'

const MOUNT = 'sys/fs/cgroup'

/** Microseconds of a period where version 2 states none. */
const DEFAULT_PERIOD_US = 100_000

/**
 * Processors that the tightest limit of this process's control group and those above it allows, a fraction as often as not;
 * infinite when none limits it; null where no limit can be read. About 200 µs.
 * @param root where /proc and /sys lie: another folder in tests.
 */
export function cgroupProcessors(root = '/'): number | null {
  const quotas = readQuotas(root)
  return quotas.length === 0 ? null : Math.min(...quotas)
}

/**
 * Seconds for which this process's control groups were throttled since they were made, summed over their processors
 * and levels, so that only the difference of two readings says something; null where it cannot be read. About 100 µs.
 */
export function readThrottledSeconds(root = '/'): number | null {
  const levels = readLevels(root, 'cpu.stat').flatMap((stat) => throttledSeconds(stat) ?? [])
  return levels.length === 0 ? null : levels.reduce((sum, seconds) => sum + seconds, 0)
}

function throttledSeconds(stat: string): number | null {
  const us = /^throttled_usec (\d+)$/m.exec(stat)?.[1]
  if (us !== undefined) return (Number(us) * NS_PER_US) / NS_PER_SECOND
  const ns = /^throttled_time (\d+)$/m.exec(stat)?.[1]
  return ns === undefined ? null : Number(ns) / NS_PER_SECOND
}

/** Processors per level that states a limit; infinite where the limit is `max`. */
function readQuotas(root: string): number[] {
  const periods = readLevels(root, 'cpu.cfs_period_us')
  return [
    ...readLevels(root, 'cpu.max').map((line) => {
      const [quotaUs, periodUs = DEFAULT_PERIOD_US] = line.split(/\s+/)
      return quotaUs === 'max' ? Number.POSITIVE_INFINITY : Number(quotaUs) / Number(periodUs)
    }),
    // Version 1 has both files on every level, and says -1 for no limit.
    ...readLevels(root, 'cpu.cfs_quota_us').map((quotaUs, level) =>
      Number(quotaUs) < 0 ? Number.POSITIVE_INFINITY : Number(quotaUs) / Number(periods[level]),
    ),
  ].filter((processors) => processors > 0)
}

/** A file's text in this process's control group and in each one above it, of both versions, where it exists. */
function readLevels(root: string, file: string): string[] {
  return cgroupFolders(root).flatMap((folder) => readKernelText(join(folder, file)) ?? [])
}

/**
 * Own group first. Lines of /proc/self/cgroup read `number:controllers:path`, see cgroups(7); version 2 has no
 * controllers. In a container the path may be the host's and not exist here, but the mount's root is then the
 * container's own group.
 */
function cgroupFolders(root: string): string[] {
  const lines = readKernelText(join(root, 'proc/self/cgroup'))?.split('\n') ?? []
  return lines.flatMap((line) => {
    const [, controllers = '', ...path] = line.split(':')
    if (controllers !== '' && !controllers.split(',').includes('cpu')) return []
    const mount = join(root, MOUNT, controllers === '' ? '' : 'cpu')
    // `..` leads out of the namespace, where nothing is mounted.
    const names = path
      .join(':')
      .split('/')
      .filter((name) => name !== '' && name !== '..')
    return Array.from({ length: names.length + 1 }, (_, up) =>
      join(mount, ...names.slice(0, names.length - up)),
    )
  })
}
