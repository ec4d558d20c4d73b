import { availableParallelism } from 'node:os'
import { usageError } from '../base/errors.ts'
import { readKernelText } from '../base/kernel.ts'

/** Above any machine's; keeps a range such as `0-99999999` from being spelled out. */
const HIGHEST_CPU = 65_535

/** The processors that this process may use, ascending: its affinity mask, or 0 … n − 1 where there is none to read. */
export function availableCpus(): number[] {
  return allowedCpus() ?? Array.from({ length: availableParallelism() }, (_, cpu) => cpu)
}

/**
 * Reads `0-1`, `0,2` or `3`: ascending, each once. Everything that is available when nothing is given.
 * @param available processors that the run may be given.
 */
export function parseCpus(text?: string, available: readonly number[] = availableCpus()): number[] {
  if (text === undefined) return [...available]
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

function allowedCpus(): number[] | undefined {
  const status = readKernelText('/proc/self/status') ?? ''
  const list = /^Cpus_allowed_list:\s*(.+)$/m.exec(status)?.[1]
  return list === undefined ? undefined : expandCpuList(list)
}

function abbreviate(cpus: readonly number[]): string {
  return cpus.length <= 4 ? cpus.join(', ') : `${cpus.slice(0, 3).join(', ')} … ${cpus.at(-1)}`
}
