import { fileURLToPath } from 'node:url'
import { monotonicOriginNs, ThreadClock } from '../../harness/base/clock.ts'
import { NS_PER_SECOND } from '../../harness/base/units.ts'
import type { Arm } from '../../harness/contract/architecture.ts'
import { ClientProcess, type Transport } from '../../harness/trial/client-process.ts'
import { loadScenario } from '../../harness/scenario/load.ts'
import { parseArms } from '../../harness/asked/arms.ts'
import { runTrial } from '../../harness/trial/run-trial.ts'
import { findTcpPorts, LOOPBACK } from '../../harness/ports/http/tcp-ports.ts'
import type { TheoryTrial } from '../../harness/experiment/validate/played-requests.ts'
import type { Sabotage } from '../../harness/server/server-memory.ts'
import { trialTimes } from '../../harness/trial/player.ts'
import { loadSetAffinity } from '../../harness/measure/affinity.ts'
import type { Trial } from '../../harness/results/schema.ts'
import { createBlockFile } from '../../harness/work/block-file.ts'
import { keySpaceOf } from '../../harness/workload/known-records.ts'
import { createTrace } from '../../harness/workload/trace.ts'

export const CPUS = [0, 1]
export const FAULTY_COUNTER = fileURLToPath(new URL('scenarios/faulty-counter.ts', import.meta.url))
const STEADY_SECONDS = 0.15
/** So few that a loaded machine keeps up. */
const OFFERED_PER_SECOND = 10_000
const WARM_UP_CYCLE = 1 << 12
const STEADY_CYCLE = 1 << 14
const REHEARSAL_AFTER_NS = 50_000_000
/** One window of the rehearsal. */
const WARM_UP_NS = 150_000_000
/** A busy machine may take long; what waits is answered all the same. */
const LONGEST_DRAIN_NS = 10_000_000_000

/** The trace of a trial's steady state is drawn with this seed. */
const STEADY_SEED = 2
const WARM_UP_SEED = 1

/** One short trial with real threads. */
export interface TrialSettings {
  /** Name or path of the scenario. */
  readonly scenario: string
  /** As behind `--arms`. */
  readonly arm: string
  readonly parameters?: Readonly<Record<string, string>>
  /** Null for `max`. */
  readonly offeredPerSecond?: number | null
  readonly steadySeconds?: number
  /** Virtual ones; @default one per processor. */
  readonly cores?: number
  readonly sabotage?: Sabotage
  /** How much a microsecond of work is; @default 1 */
  readonly burnIterationsPerMicro?: number
  /** @default 10 s */
  readonly longestDrainNs?: number
  /** Nothing is due for so long before the steady state; @default 0 */
  readonly restNs?: number
  readonly signal?: AbortSignal
  /** Real sockets instead of ports that play the trace. */
  readonly http?: {
    readonly connections: number
    readonly pipelining: number
    /** Told the id of the client's process, which is the trial's own then. */
    readonly onClient?: (processId: number) => void
  }
}

/** Of all trials: their client keeps the clock of its first one. */
const ORIGIN_NS = monotonicOriginNs()
const CLOCK = new ThreadClock(ORIGIN_NS)

/** Plays all trials over real sockets that do not ask for one of their own, as a run's client does. */
const sharedClient = new ClientProcess(new AbortController().signal, null)

/** Ends the client of trials over real sockets, after the last one of a file. */
export function endClient(): Promise<void> {
  return sharedClient.close()
}

function armOf(text: string): Arm {
  return parseArms(`${text},sharded`)[0]
}

/** Runs it, with a warm-up just long enough to pass through all its phases. */
export async function shortTrial(settings: TrialSettings): Promise<Trial> {
  return (await playedTrial(settings)).trial
}

/** The same, with what was played. */
export async function playedTrial(settings: TrialSettings): Promise<TheoryTrial> {
  const loaded = await loadScenario(settings.scenario, settings.parameters ?? {})
  const workload = loaded.scenario.workload(loaded.params)
  const keySpace = keySpaceOf(workload)
  const arm = armOf(settings.arm)
  const routing = arm.options['routing'] === 'shard-aware' ? 'shard-aware' : 'random'
  const portCount = settings.cores ?? CPUS.length
  const trace = (seed: number, count: number) =>
    createTrace({ workload, keySpace, portCount, routing, seed, count })
  const steady = trace(STEADY_SEED, STEADY_CYCLE)
  const signal = settings.signal ?? new AbortController().signal
  const context = {
    loaded,
    workload,
    keySpace,
    cpus: CPUS,
    cores: Array.from({ length: settings.cores ?? CPUS.length }, (_, core) =>
      settings.cores === undefined ? CPUS[core]! : null,
    ),
    originNs: ORIGIN_NS,
    clock: CLOCK,
    burnIterationsPerMicro: settings.burnIterationsPerMicro ?? 1,
    setAffinity: loadSetAffinity(),
    transport: await transportOf(settings, signal, portCount),
    blockFile: workload.file === undefined ? null : createBlockFile(workload.file),
    signal,
  }
  const { offeredPerSecond = OFFERED_PER_SECOND } = settings
  const times = trialTimes(settings.steadySeconds ?? STEADY_SECONDS)
  const request = {
    arm,
    offeredPerSecond,
    warmUp: trace(WARM_UP_SEED, WARM_UP_CYCLE),
    steady,
    times: {
      ...times,
      rehearsalAfterNs: REHEARSAL_AFTER_NS,
      leastWarmUpNs: WARM_UP_NS,
      longestWarmUpNs: WARM_UP_NS,
      longestDrainNs: settings.longestDrainNs ?? LONGEST_DRAIN_NS,
      restNs: settings.restNs ?? 0,
    },
    ...(settings.sabotage && { sabotage: settings.sabotage }),
  }
  try {
    const trial = await runTrial(context, request)
    const nsPerGap = offeredPerSecond === null ? 0 : NS_PER_SECOND / offeredPerSecond
    return { trial, servers: portCount, trace: steady, nsPerGap, steadyNs: times.steadyNs }
  } finally {
    const { transport } = context
    if (transport.kind === 'http' && transport.client !== sharedClient)
      await transport.client.close()
    context.blockFile?.close()
  }
}

async function transportOf(
  { http }: TrialSettings,
  signal: AbortSignal,
  portCount: number,
): Promise<Transport> {
  if (http === undefined) return { kind: 'replay' }
  const client =
    http.onClient === undefined ? sharedClient : new ClientProcess(signal, null, http.onClient)
  return {
    kind: 'http',
    host: LOOPBACK,
    firstTcpPort: await findTcpPorts(LOOPBACK, portCount),
    connections: http.connections,
    pipelining: http.pipelining,
    coLocated: true,
    client,
  }
}
