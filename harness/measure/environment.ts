import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { cgroupProcessors } from '../base/cgroup.ts'
import { readKernelText } from '../base/kernel.ts'
import type { Report } from '../results/schema.ts'
import { formatDecimals } from '../words/format.ts'

const HUGE_PAGES = '/sys/kernel/mm/transparent_hugepage/enabled'
const OWN_FOLDER = join(import.meta.dirname, '../..')
const VULNERABILITIES = '/sys/devices/system/cpu/vulnerabilities'

/**
 * The machine and the runtime, as far as they can be read; null where they cannot, and for what is known only at the end of a run.
 * Read before the first trial; about 1 ms, the first time 20 ms more for git. @param pinned whether threads can be pinned to processors.
 * @param nodeFlags what changes node and V8. @default command line and NODE_OPTIONS of this process
 */
export function readEnvironment(
  pinned: boolean,
  nodeFlags: readonly string[] = readNodeFlags(),
): Report['environment'] {
  const own = JSON.parse(readFileSync(join(OWN_FOLDER, 'package.json'), 'utf8')) as {
    version: string
  }
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    // Empty where /proc cannot be read.
    cores: cpus().length || availableParallelism(),
    memoryBytes: totalmem(),
    kernel: release(),
    platform: `${platform()} ${arch()}`,
    node: process.versions.node,
    v8: process.versions.v8,
    crossover: own.version,
    commit: (ownCommit ??= { of: readCommit(OWN_FOLDER) }).of,
    mitigations: readMitigations(),
    cgroupQuota: quotaText(cgroupProcessors()),
    governor: readKernelText('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    loadAverageBefore: loadavg(),
    loadAverageAfter: null,
    pinned,
    smt: parseSmt(readKernelText('/sys/devices/system/cpu/smt/active')),
    nodeFlags: [...nodeFlags],
    serverFlags: null,
    helperThreads: null,
    transparentHugePages: parseHugePages(readKernelText(HUGE_PAGES)),
    virtual: parseVirtual(readKernelText('/proc/cpuinfo')),
    stealShare: null,
    othersShare: null,
    throttledSeconds: null,
  }
}

/** What this process runs does not change while it runs. */
let ownCommit: { readonly of: Report['environment']['commit'] } | undefined

/**
 * The commit that is checked out in a folder, and whether files that git keeps differ from it; null where the folder is no checkout of its
 * own, as in a package, or git is missing. About 20 ms.
 */
export function readCommit(folder: string): Report['environment']['commit'] {
  if (!existsSync(join(folder, '.git'))) return null
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', folder, '--no-optional-locks', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  try {
    const hash = git('rev-parse', 'HEAD')
    return { hash, dirty: git('status', '--porcelain', '--untracked-files=no') !== '' }
  } catch {
    return null
  }
}

/** `2.00 processors`; `max` for no limit, null where none can be read. */
export function quotaText(processors: number | null): string | null {
  if (processors === null) return null
  return Number.isFinite(processors) ? `${formatDecimals(processors, 2)} processors` : 'max'
}

/** The choice in brackets of `always [madvise] never`; null where there is none. */
export function parseHugePages(enabled: string | null): string | null {
  return /\[(\w+)\]/.exec(enabled ?? '')?.[1] ?? null
}

/** The text of `smt/active`: null unless it is 0 or 1. */
export function parseSmt(active: string | null): boolean | null {
  return active === '0' || active === '1' ? active === '1' : null
}

/**
 * Whether the processor says, in the text of /proc/cpuinfo, that a hypervisor runs it; null where it has no line of
 * flags, as on ARM, whose `Features` don't tell.
 */
export function parseVirtual(cpuInfo: string | null): boolean | null {
  const flags = /^flags\s*:(.*)$/m.exec(cpuInfo ?? '')?.[1]
  return flags === undefined ? null : flags.split(' ').includes('hypervisor')
}

// NODE_OPTIONS is read here and not in cli/ because it is part of the runtime, like its version, and no option of ours.
function readNodeFlags(): string[] {
  const words = (process.env['NODE_OPTIONS'] ?? '').split(/\s+/)
  return [...process.execArgv, ...words.filter((word) => word !== '')]
}

function readMitigations(): Record<string, string> | null {
  try {
    return Object.fromEntries(
      readdirSync(VULNERABILITIES).map((name) => [
        name,
        readKernelText(`${VULNERABILITIES}/${name}`) ?? '',
      ]),
    )
  } catch {
    return null
  }
}
