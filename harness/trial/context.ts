import type { LoadedScenario, TransportRequest } from '../asked/requests.ts'
import { monotonicOriginNs, ThreadClock } from '../base/clock.ts'
import { availableCpus } from '../asked/cpus.ts'
import { usageError } from '../base/errors.ts'
import type { Arm } from '../contract/architecture.ts'
import { CALLING_THREAD, loadSetAffinity, type SetAffinity } from '../measure/affinity.ts'
import { calibrateBurn } from '../measure/burn.ts'
import { waitsBlocking } from '../scenario/declared-work.ts'
import { checkRecordMemory } from '../server/records.ts'
import { touchingThreads } from '../server/deployment.ts'
import { createBlockFile, type OpenBlockFile } from '../work/block-file.ts'
import { checkTouchedMemory } from '../work/touched-pages.ts'
import { keySpaceOf } from '../workload/known-records.ts'
import { ClientProcess, type Transport } from './client-process.ts'
import type { TrialContext } from './measured.ts'

/** What decides where servers run. */
export interface TrialPlace {
  readonly loaded: LoadedScenario
  /** All that will serve: one after the other. */
  readonly arms: readonly Arm[]
  readonly cpus: readonly number[]
  /** Threads in place of processors; null for one core per processor. */
  readonly virtualCores: number | null
  /** @default replay */
  readonly transport?: TransportRequest
  /** Another context of the same measurement: its clock and calibration are taken over. @default a new clock, a new calibration */
  readonly like?: Pick<TrialContext, 'originNs' | 'clock' | 'burnIterationsPerMicro'>
  /** Another process's file. @default one is made where the workload has one */
  readonly blockFile?: OpenBlockFile | null
  readonly signal: AbortSignal
}

/**
 * Threads that wait need no processors, and a server that is laid out for fewer cores than it has processors has enough of them.
 * @param processors of the server, where its threads may compute on virtual cores; @default 0: they wait, or are refused
 * @throws CrossoverError of kind `usage` when cores are to be virtual and neither is so.
 */
export function refuseVirtualCores(
  loaded: LoadedScenario,
  virtualCores: number | null,
  processors = 0,
): void {
  if (virtualCores === null || virtualCores < processors) return
  if (waitsBlocking(loaded.scenario.stages(loaded.params))) return
  throw usageError(
    'virtual-cores',
    `--virtual-cores ${virtualCores}: no stage of ${loaded.scenario.name} is a blocking wait, so its cores cannot be virtual`,
    'leave --virtual-cores out, or choose a scenario such as queue-discipline',
  )
}

/**
 * What binds threads to these processors; null where nothing does and all of them are used.
 * @throws CrossoverError of kind `usage` when they cannot be kept, or one of them is refused.
 */
export function affinityFor(cpus: readonly number[]): SetAffinity | null {
  const setAffinity = loadSetAffinity()
  const refused = setAffinity === null ? [] : refusedCpus(setAffinity, cpus)
  if (refused.length > 0)
    throw usageError(
      'cpus',
      `no thread can be bound to processor ${refused.join(', ')}: the kernel refuses it`,
      'name others with --cpus; /sys/devices/system/cpu/online has those that are there',
    )
  if (setAffinity !== null || cpus.length >= availableCpus().length) return setAffinity
  throw usageError(
    'unpinned',
    '--cpus cannot be kept: threads cannot be bound to processors here',
    'leave --cpus out, or start crossover under taskset; binding needs Linux and the optional package koffi',
  )
}

/** Those that the calling thread cannot be bound to; it is let go to all that are available again. */
function refusedCpus(setAffinity: SetAffinity, cpus: readonly number[]): number[] {
  const before = availableCpus()
  const refused = cpus.filter((cpu) => !setAffinity(CALLING_THREAD, [cpu]))
  setAffinity(CALLING_THREAD, before)
  return refused
}

/**
 * Calibrates and prepares what all trials of a run share; about 20 ms, and 3 to 8 s per GiB of the workload's file,
 * which the caller closes after the last trial.
 * @throws CrossoverError of kind `usage` when the processors cannot be kept, cores are virtual and work is not, or the
 * workload's memory or file cannot be had.
 */
export function createTrialContext(place: TrialPlace): TrialContext {
  const { loaded, arms, cpus, virtualCores, signal } = place
  const originNs = place.like?.originNs ?? monotonicOriginNs()
  const clock = place.like?.clock ?? new ThreadClock(originNs)
  const setAffinity = affinityFor(cpus)
  refuseVirtualCores(loaded, virtualCores, cpus.length)
  const workload = loaded.scenario.workload(loaded.params)
  const cores = virtualCores === null ? cpus : Array.from({ length: virtualCores }, () => null)
  if (workload.memory !== undefined) {
    const stages = loaded.scenario.stages(loaded.params)
    const threads = arms.map((arm) => touchingThreads({ arm, cores, stages, workload }))
    checkTouchedMemory(workload, Math.max(...threads))
  }
  const keySpace = keySpaceOf(workload, loaded.log?.sizes)
  checkRecordMemory(workload, keySpace, arms.length)
  return {
    loaded,
    workload,
    keySpace,
    cpus,
    cores,
    originNs,
    clock,
    burnIterationsPerMicro: place.like?.burnIterationsPerMicro ?? calibrateBurn(clock),
    setAffinity,
    transport: transportOf(place, setAffinity),
    blockFile:
      place.blockFile ?? (workload.file === undefined ? null : createBlockFile(workload.file)),
    signal,
  }
}

/** Its client's process starts with the first trial and ends by `transport.client.close()`. */
function transportOf(
  { transport = { kind: 'replay' }, cpus, signal }: TrialPlace,
  setAffinity: SetAffinity | null,
): Transport {
  if (transport.kind === 'replay') return transport
  const coLocated = transport.clientCpus.length === 0
  const clientCpus = coLocated ? cpus : transport.clientCpus
  const client = new ClientProcess(signal, setAffinity === null ? null : clientCpus)
  return { ...transport, coLocated, client }
}
