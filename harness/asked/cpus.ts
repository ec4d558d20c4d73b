import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { cgroupProcessors } from '../base/cgroup.ts'
import { usageError } from '../base/errors.ts'
import { readKernelText } from '../base/kernel.ts'

/** Above any machine's; keeps a range such as `0-99999999` from being spelled out. */
const HIGHEST_CPU = 65_535

/**
 * The processors that this process may use, ascending: those of its affinity mask that are online, since virtual machines
 * allow the ones that could be plugged in, too; 0 … n − 1 where there is no mask to read.
 * @param root where /proc and /sys lie: another folder in tests.
 */
export function availableCpus(root = '/'): number[] {
  const allowed = allowedCpus(root)
  if (allowed === undefined) return Array.from({ length: availableParallelism() }, (_, cpu) => cpu)
  const online = onlineCpus(root)
  const both = allowed.filter((cpu) => online?.includes(cpu) ?? true)
  // Some containers number the processors of /sys anew: such a list says nothing about the mask.
  return both.length === 0 ? allowed : both
}

/**
 * Reads `0-1`, `0,2` or `3`: ascending, each once. When nothing is given as many of the available ones as the control group's
 * limit lets run at once, at least one: on more of them it would stop all of them for the rest of its period.
 * @param available processors that the run may be given.
 * @param limit in processors; null for none.
 */
export function parseCpus(
  text?: string,
  available: readonly number[] = availableCpus(),
  limit: number | null = cgroupProcessors(),
): number[] {
  if (text === undefined) return available.slice(0, Math.max(1, Math.floor(limit ?? Infinity)))
  const cure = `available are ${available.join(', ')}, e.g. --cpus ${available.slice(0, 2).join(',')}`
  const cpus = expandCpuList(text)
  if (cpus === undefined)
    throw usageError('cpus', `--cpus: not a list of processors: ${text || '(empty)'}`, cure)
  const absent = cpus.filter((cpu) => !available.includes(cpu))
  if (absent.length === 0) return cpus
  throw usageError('cpus', `--cpus ${text}: not available: ${abbreviate(absent)}`, cure)
}

/** A list as the kernel prints it, `0-3,8`, as numbers; undefined when it is not one. */
export function expandCpuList(text: string): number[] | undefined {
  const cpus = new Set<number>()
  for (const part of text.split(',')) {
    const [, firstText, lastText = firstText] = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part) ?? []
    const [first, last] = [Number(firstText), Number(lastText)]
    // Not a number, reversed or beyond any machine: all of these fail the comparison.
    if (!(first <= last && last <= HIGHEST_CPU)) return undefined
    for (let cpu = first; cpu <= last; cpu++) cpus.add(cpu)
  }
  return [...cpus].toSorted((a, b) => a - b)
}

function allowedCpus(root: string): number[] | undefined {
  const status = readKernelText(join(root, 'proc/self/status')) ?? ''
  const list = /^Cpus_allowed_list:\s*(.+)$/m.exec(status)?.[1]
  return list === undefined ? undefined : expandCpuList(list)
}

/** By /sys, else by the lines of /proc/stat, which has none of those that are offline. */
function onlineCpus(root: string): number[] | undefined {
  const list = readKernelText(join(root, 'sys/devices/system/cpu/online'))
  const listed = list === null ? undefined : expandCpuList(list)
  if (listed !== undefined) return listed
  const stat = readKernelText(join(root, 'proc/stat')) ?? ''
  const counted = Array.from(stat.matchAll(/^cpu(\d+) /gm), ([, cpu]) => Number(cpu))
  return counted.length === 0 ? undefined : counted
}

function abbreviate(cpus: readonly number[]): string {
  return cpus.length <= 4 ? cpus.join(', ') : `${cpus.slice(0, 3).join(', ')} … ${cpus.at(-1)}`
}
