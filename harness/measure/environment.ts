import { readdirSync, readFileSync } from 'node:fs'
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'

/** The machine and the runtime, as far as they can be read; null where they cannot. */
export interface Environment {
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  readonly kernel: string
  readonly platform: string
  readonly node: string
  readonly v8: string
  readonly crossover: string
  readonly mitigations: Record<string, string> | null
  readonly cgroupQuota: string | null
  readonly governor: string | null
  readonly loadAverageBefore: number[]
  readonly loadAverageAfter: number[] | null
  readonly pinned: boolean
}

const VULNERABILITIES = '/sys/devices/system/cpu/vulnerabilities'

/** Reads everything once, before the first trial. @param pinned whether threads can be pinned to processors. */
export function readEnvironment(pinned: boolean): Environment {
  const own = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
    version: string
  }
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    kernel: release(),
    platform: `${platform()} ${arch()}`,
    node: process.versions.node,
    v8: process.versions.v8,
    crossover: own.version,
    mitigations: readMitigations(),
    cgroupQuota: readText('/sys/fs/cgroup/cpu.max'),
    governor: readText('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    loadAverageBefore: loadavg(),
    loadAverageAfter: null,
    pinned,
  }
}

/** The load averages now, for the end of a run. */
export function readLoadAverage(): number[] {
  return loadavg()
}

function readMitigations(): Record<string, string> | null {
  try {
    return Object.fromEntries(
      readdirSync(VULNERABILITIES).map((name) => [
        name,
        readText(`${VULNERABILITIES}/${name}`) ?? '',
      ]),
    )
  } catch {
    return null
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}
