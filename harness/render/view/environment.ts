import type { Report } from '../../results/schema.ts'
import {
  BYTES,
  formatDecimals,
  formatQuantity,
  formatSeconds,
  formatShare,
  formatVersion,
} from '../../words/format.ts'
import type { TitledBlocks } from './view.ts'

/** The machine: numbers from another one are another measurement. */
export function environmentSection({ environment }: Pick<Report, 'environment'>): TitledBlocks {
  const { mitigations } = environment
  return {
    id: 'environment',
    title: 'Environment',
    blocks: [
      {
        kind: 'terms',
        entries: [
          ['processor', `${environment.cpu}, ${environment.cores} cores`],
          ['threads pinned', environment.pinned ? 'yes' : 'no'],
          ['multithreading (SMT)', switchText(environment.smt, 'on', 'off')],
          ['virtual machine', switchText(environment.virtual, 'yes', 'no')],
          ['memory', formatQuantity(environment.memoryBytes, BYTES)],
          ['system', `${environment.platform}, kernel ${environment.kernel}`],
          ['node', `${environment.node}, V8 ${environment.v8}`],
          ['node flags', environment.nodeFlags.join(' ') || 'none'],
          ['server flags', environment.serverFlags?.join(' ') ?? 'not available'],
          ['helper threads of a server', countText(environment.helperThreads)],
          ['transparent huge pages', environment.transparentHugePages ?? 'not available'],
          ['crossover', formatVersion(environment)],
          ['governor', environment.governor ?? 'not available'],
          ['cgroup quota', environment.cgroupQuota ?? 'none'],
          ['stolen by the hypervisor', shareText(environment.stealShare)],
          ['taken by other processes', shareText(environment.othersShare)],
          ['throttled by the cgroup', throttledText(environment.throttledSeconds)],
          ['load average', loadAverages(environment)],
        ],
      },
      ...(mitigations === null
        ? []
        : [
            {
              kind: 'folded' as const,
              summary: 'Mitigations of processor flaws',
              blocks: [{ kind: 'terms' as const, entries: Object.entries(mitigations) }],
            },
          ]),
    ],
  }
}

function switchText(isOn: boolean | null, on: string, off: string): string {
  if (isOn === null) return 'not available'
  return isOn ? on : off
}

function countText(count: number | null): string {
  return count === null ? 'not available' : String(count)
}

function shareText(share: number | null): string {
  return share === null ? 'not available' : `${formatShare(share)} of the processors’ time`
}

function throttledText(seconds: number | null): string {
  return seconds === null ? 'not available' : formatSeconds(seconds, 1)
}

function loadAverages({ loadAverageBefore, loadAverageAfter }: Report['environment']): string {
  const text = (averages: readonly number[]): string =>
    averages.map((average) => formatDecimals(average, 2)).join(' ')
  const after = loadAverageAfter === null ? '' : `, ${text(loadAverageAfter)} after`
  return `${text(loadAverageBefore)} before${after}`
}
