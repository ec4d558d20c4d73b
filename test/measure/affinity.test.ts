import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  kernelThreadId,
  loadSetAffinity,
  minimizeTimerSlack,
} from '../../harness/measure/affinity.ts'

const onLinux = process.platform === 'linux'
const NO_THREAD = 2 ** 30

/** Processors that the kernel allows a thread, e.g. `0-1`. */
function allowedCpus(threadId: number): string {
  const status = readFileSync(`/proc/self/task/${threadId}/status`, 'utf8')
  return /^Cpus_allowed_list:\s*(.+)$/m.exec(status)?.[1] ?? ''
}

/** The numbers of a list such as `0-2,5`. */
function numbersOf(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
}

test.runIf(onLinux)('a thread can be bound to a processor and let go again', () => {
  const id = kernelThreadId() ?? NO_THREAD
  const setAffinity = loadSetAffinity()
  expect(setAffinity).not.toBeNull()
  const before = allowedCpus(id)
  const cpus = numbersOf(before)
  expect(setAffinity?.(id, cpus.slice(-1))).toBe(true)
  expect(allowedCpus(id)).toBe(String(cpus.at(-1)))
  expect(setAffinity?.(id, cpus)).toBe(true)
  expect(allowedCpus(id)).toBe(before)
})

test.runIf(onLinux)('binding says false when the kernel refuses', () => {
  const setAffinity = loadSetAffinity()
  expect(setAffinity?.(NO_THREAD, [0])).toBe(false)
  expect(setAffinity?.(kernelThreadId() ?? NO_THREAD, [])).toBe(false)
})

test.runIf(onLinux)('the timers of a thread can be made exact, those of no thread cannot', () => {
  expect(minimizeTimerSlack(kernelThreadId() ?? NO_THREAD)).toBe(true)
  expect(minimizeTimerSlack(NO_THREAD)).toBe(false)
})
