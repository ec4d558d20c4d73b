import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../base/clock.ts'
import { MS_PER_SECOND, NS_PER_SECOND } from '../base/units.ts'
import { readEnvironment } from '../measure/environment.ts'
import {
  type ForeignShare,
  foreignShare,
  programUsage,
  readProcessorTime,
  readProgramTimes,
} from '../measure/processor-time.ts'
import { loadSetAffinity } from '../measure/affinity.ts'
import { noiseGate } from './gates.ts'
import { warningsBefore } from './watch-machine.ts'

/** What others did to some processors while nothing was measured on them. */
export interface MachineLook extends ForeignShare {
  /** Whether a trial on such a machine would pass the gate `noise`. */
  readonly isQuiet: boolean
  /** Of the other programs the busiest, with their shares of all these processors; wherever they ran. Three at most. */
  readonly programs: readonly { readonly name: string; readonly share: number }[]
}

const MOST_PROGRAMS = 3
/** What uses less is not worth a name. */
const NAMED_SHARE = 0.02

/**
 * Looks for so long at what others do; null where /proc does not tell. The shares come in steps of 10 ms per processor: half a
 * second is the shortest that says something. Costs some milliseconds of processor time.
 * @throws AbortError when the signal ends it.
 */
export async function lookAtMachine(
  cpus: readonly number[],
  clock: Clock,
  seconds: number,
  signal: AbortSignal,
): Promise<MachineLook | null> {
  const programsBefore = readProgramTimes()
  const before = readProcessorTime(cpus, clock)
  await sleep(seconds * MS_PER_SECOND, undefined, { signal })
  const after = readProcessorTime(cpus, clock)
  if (before === null || after === null) return null
  const foreign = foreignShare(after, before)
  const processorSeconds = after.totalSeconds - before.totalSeconds
  const programs = programUsage(readProgramTimes(), programsBefore)
    .map(({ name, cpuSeconds }) => ({ name, share: cpuSeconds / processorSeconds }))
    .filter(({ share }) => share >= NAMED_SHARE)
    .slice(0, MOST_PROGRAMS)
  const isQuiet = noiseGate(foreign, processorSeconds * NS_PER_SECOND)!.passed
  return { ...foreign, isQuiet, programs }
}

/** What is told before a run begins; the others are told with its result. */
const TOLD_FIRST: readonly string[] = ['cgroup-quota', 'load-before']

/** This machine and this runtime, as results tell them. About 1 ms, the first time 20 ms more. */
export function environmentHere(): ReturnType<typeof readEnvironment> {
  return readEnvironment(loadSetAffinity() !== null)
}

/** Doubts about these processors that are known without looking for long: too little quota, load before, no pinning. About 10 ms. */
export function machineDoubts(cpus: readonly number[]): readonly string[] {
  const environment = environmentHere()
  const doubts = warningsBefore(environment, cpus)
    .filter(({ code }) => TOLD_FIRST.includes(code))
    .map(({ message }) => message)
  return environment.pinned ? doubts : [...doubts, 'threads cannot be pinned to processors here']
}
