import { readdirSync } from 'node:fs'
import type { Clock } from '../base/clock.ts'
import { readKernelText } from '../base/kernel.ts'
import { NS_PER_SECOND, NS_PER_US } from '../base/units.ts'
import { difference } from './os-counters.ts'

/**
 * How the time of some processors was spent, in seconds since an instant that only differences make sense of. Own time
 * is this process's, all threads, on whatever processor it ran: exact when the processors are all of the machine, and
 * too large where threads of ours ran elsewhere. Children's is not in it: they are others.
 */
export interface ProcessorTime {
  /** The clock's time × number of processors: exact, where ticks are not. */
  readonly totalSeconds: number
  readonly idleSeconds: number
  /** Given to others by the hypervisor. */
  readonly stealSeconds: number
  readonly ownSeconds: number
  /** Times that a thread of ours went to sleep. */
  readonly voluntarySwitches: number
}

/** Shares of the processors' time, 0 … 1. */
export interface ForeignShare {
  readonly othersShare: number
  readonly stealShare: number
}

// USER_HZ: 100 on every architecture of Linux that node runs on, whatever the kernel's own HZ.
const TICKS_PER_SECOND = 100

// Columns of /proc/stat behind the name, see proc(5).
const IDLE = 3
const IO_WAIT = 4
const STEAL = 7

/** Going idle and coming back takes 1.3 … 2.5 µs (AMD EPYC in a virtual machine) that no process is charged for. */
const IDLE_ENTRY_SECONDS = (1.5 * NS_PER_US) / NS_PER_SECOND
/** So that a thread which sleeps very often cannot hide others: what such a thread was seen to cause at most. */
const LARGEST_IDLE_ENTRY_SHARE = 0.04

/**
 * Reads processors and process at one instant; null where there is no /proc/stat or it lacks one of the processors.
 * Idle time comes in steps of 10 ms per processor: readings should lie a second apart or more. About 60 µs.
 */
export function readProcessorTime(cpus: readonly number[], clock: Clock): ProcessorTime | null {
  const spent = parseProcessorTime(readKernelText('/proc/stat') ?? '', cpus)
  if (spent === null) return null
  const own = process.resourceUsage()
  return {
    totalSeconds: (clock.nowNs() / NS_PER_SECOND) * cpus.length,
    ...spent,
    ownSeconds: ((own.userCPUTime + own.systemCPUTime) * NS_PER_US) / NS_PER_SECOND,
    voluntarySwitches: own.voluntaryContextSwitches,
  }
}

/** Idle and stolen time in the text of /proc/stat, summed over the processors; null when one of them is missing. */
export function parseProcessorTime(
  stat: string,
  cpus: readonly number[],
): Pick<ProcessorTime, 'idleSeconds' | 'stealSeconds'> | null {
  let idleTicks = 0
  let stealTicks = 0
  for (const cpu of cpus) {
    const line = new RegExp(`^cpu${cpu} +(.*)$`, 'm').exec(stat)?.[1]
    if (line === undefined) return null
    const ticks = line.split(' ').map(Number)
    idleTicks += (ticks[IDLE] ?? 0) + (ticks[IO_WAIT] ?? 0)
    stealTicks += ticks[STEAL] ?? 0
  }
  return {
    idleSeconds: idleTicks / TICKS_PER_SECOND,
    stealSeconds: stealTicks / TICKS_PER_SECOND,
  }
}

/**
 * What others took between two readings: all that was neither idle nor stolen nor our own.
 *
 * The columns user, system … are not used: most kernels book the whole tick on whoever runs when it strikes, and
 * threads that sleep between ticks are seldom hit. On two processors and one second, with threads that sleep 100 µs at
 * a time, they miss 5 … 18 % of the time. Idle time is exact (`get_cpu_idle_time_us` in the kernel's tick-sched.c), as
 * is our own. It overstates others by up to 5 % when threads sleep 25,000 times a second, whence the allowance per
 * sleep. What was left against the exact count of a control group: −4 … +2.5 % of the time.
 *
 * @param childSeconds CPU time of a child process that is ours, too. @default 0
 */
export function foreignShare(
  later: ProcessorTime,
  earlier: ProcessorTime,
  childSeconds = 0,
): ForeignShare {
  const { totalSeconds, idleSeconds, stealSeconds, ownSeconds, voluntarySwitches } = difference(
    later,
    earlier,
  )
  if (totalSeconds <= 0) return { othersShare: 0, stealShare: 0 }
  const share = (seconds: number) => Math.min(1, Math.max(0, seconds / totalSeconds))
  const busySeconds = totalSeconds - idleSeconds - stealSeconds
  const allowedSeconds = Math.min(
    voluntarySwitches * IDLE_ENTRY_SECONDS,
    totalSeconds * LARGEST_IDLE_ENTRY_SHARE,
  )
  return {
    othersShare: share(busySeconds - ownSeconds - childSeconds - allowedSeconds),
    stealShare: share(stealSeconds),
  }
}

/** What a process has used since it began. */
interface ProgramTime {
  /** The kernel's name of it: 15 characters at most. */
  readonly name: string
  readonly cpuSeconds: number
}

// Fields of /proc/…/stat behind the command's name, see proc(5).
const USER_TICKS = 11
const SYSTEM_TICKS = 12

/** CPU time of every process but this one that may be seen, by kernel id, in steps of 10 ms. About 30 µs a process. */
export function readProgramTimes(): ReadonlyMap<number, ProgramTime> {
  const programs = new Map<number, ProgramTime>()
  for (const id of processIds()) {
    const stat = readKernelText(`/proc/${id}/stat`)
    // One that ended meanwhile.
    if (stat === null) continue
    const end = stat.lastIndexOf(')')
    const fields = stat.slice(end + 2).split(' ')
    const ticks = Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])
    const name = stat.slice(stat.indexOf('(') + 1, end)
    programs.set(id, { name, cpuSeconds: ticks / TICKS_PER_SECOND })
  }
  programs.delete(process.pid)
  return programs
}

function processIds(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

/** CPU seconds used between two readings by the processes of each name, most first; one that began in between counts whole. */
export function programUsage(
  later: ReadonlyMap<number, ProgramTime>,
  earlier: ReadonlyMap<number, ProgramTime>,
): readonly ProgramTime[] {
  const byName = new Map<string, number>()
  for (const [id, { name, cpuSeconds }] of later) {
    const used = cpuSeconds - (earlier.get(id)?.cpuSeconds ?? 0)
    if (used > 0) byName.set(name, (byName.get(name) ?? 0) + used)
  }
  return [...byName]
    .map(([name, cpuSeconds]) => ({ name, cpuSeconds }))
    .toSorted((a, b) => b.cpuSeconds - a.cpuSeconds)
}
