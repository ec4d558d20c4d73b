import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { monotonicOriginNs } from '../base/clock.ts'
import { type CrossoverError, runError } from '../base/errors.ts'
import { combineSeeds } from '../base/random.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../base/units.ts'
import type { ArchitectureName } from '../contract/architecture.ts'
import { ARCHITECTURE_NAMES } from '../contract/architecture.ts'
import type {
  FrozenPercentile,
  FrozenTrialOrder,
  FrozenTrialReply,
  FrozenTrialRequest,
} from './frozen-trial.process.ts'
import { interrupted } from './server-threads.ts'
import type { ValidationState } from './validation-state.ts'

const OMISSION_LIMIT = 0.05
const FREEZE_MS = 200
const SERVERS = 8
const UTILISATION = 0.5
/** A timer is late; the rest is waited for by reading the clock. */
const TIMER_MARGIN_MS = 5

/** Length of the steady state in which the servers are frozen once. */
export function omissionSeconds(quick: boolean): number {
  return quick ? 2 : 4
}

/**
 * Coordinated omission: all server threads are stopped for 200 ms at a known instant. Whoever measured only what was
 * sent would hide it; here every percentile that the freeze decides must agree with the recursion on the trace.
 */
export async function validateOmission(state: ValidationState): Promise<void> {
  for (const architecture of ARCHITECTURE_NAMES) {
    const subject = `${architecture}, ${SERVERS} servers, frozen for ${FREEZE_MS} ms`
    state.started('omission', subject)
    const { affectedShare, percentiles } = await frozenTrial(state, architecture)
    const decided = percentiles.filter(({ fraction }) => 1 - fraction <= affectedShare / 2)
    for (const percentile of decided) addRow(state, subject, percentile)
  }
  const rows = state.validation.rows.filter((row) => row.part === 'omission')
  const passed = rows.filter((row) => row.passed).length
  state.validation.summaries.push({
    part: 'omission',
    passed: passed === rows.length,
    sentence: `a freeze of all server threads: ${passed} of ${rows.length} percentiles that it decides within ${OMISSION_LIMIT * 100} %`,
  })
  state.save()
}

function addRow(state: ValidationState, subject: string, percentile: FrozenPercentile): void {
  const { name, measuredNs, expectedNs } = percentile
  const difference = measuredNs / expectedNs - 1
  state.add({
    part: 'omission',
    subject,
    figure: name,
    measured: measuredNs,
    expected: expectedNs,
    unit: 'ns',
    difference,
    limit: OMISSION_LIMIT,
    passed: Math.abs(difference) <= OMISSION_LIMIT,
    note: '',
  })
}

type Measured = Extract<FrozenTrialReply, { kind: 'measured' }>

async function frozenTrial(
  state: ValidationState,
  architecture: ArchitectureName,
): Promise<Measured> {
  const { request, signal } = state
  const child = fork(new URL('frozen-trial.process.ts', import.meta.url), {
    serialization: 'advanced',
    // What it prints is nobody's result.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  try {
    order(child, { kind: 'run', request: trialRequest(request, architecture) })
    for (;;) {
      const reply = await nextReply(child, signal)
      if (reply.kind === 'failed')
        throw runError(reply.code, `frozen trial failed: ${reply.message}`)
      if (reply.kind === 'steady') {
        const middleNs = (omissionSeconds(request.quick) * NS_PER_SECOND) / 2
        await freeze(child, reply.startNs + BigInt(middleNs), signal)
      } else {
        if (reply.wrong !== null)
          throw runError('void', `void: frozen ${architecture}: ${reply.wrong}`)
        return reply
      }
    }
  } finally {
    child.kill('SIGKILL')
  }
}

function trialRequest(
  { cpus, quick, seed }: ValidationState['request'],
  architecture: ArchitectureName,
): FrozenTrialRequest {
  return {
    architecture,
    servers: SERVERS,
    utilisation: UTILISATION,
    seconds: omissionSeconds(quick),
    seed: combineSeeds(seed, FREEZE_MS),
    cpus,
  }
}

/** Stops the process at the instant and lets it go on 200 ms later; tells it when that was. */
async function freeze(child: ChildProcess, atNs: bigint, signal: AbortSignal): Promise<void> {
  await until(atNs, signal)
  child.kill('SIGSTOP')
  const fromNs = monotonicOriginNs()
  try {
    await until(fromNs + BigInt(FREEZE_MS * NS_PER_MS), signal)
  } finally {
    child.kill('SIGCONT')
  }
  order(child, { kind: 'frozen', fromNs, untilNs: monotonicOriginNs() })
}

async function until(ns: bigint, signal: AbortSignal): Promise<void> {
  const leftMs = Number(ns - monotonicOriginNs()) / NS_PER_MS - TIMER_MARGIN_MS
  if (leftMs > 0) await delay(leftMs, undefined, { signal }).catch(() => stop(interrupted()))
  while (monotonicOriginNs() < ns);
}

function stop(error: CrossoverError): never {
  throw error
}

function order(child: ChildProcess, message: FrozenTrialOrder): void {
  child.send(message)
}

async function nextReply(child: ChildProcess, signal: AbortSignal): Promise<FrozenTrialReply> {
  const ended = new AbortController()
  const either = AbortSignal.any([signal, ended.signal])
  const onExit = () => ended.abort()
  child.once('exit', onExit)
  try {
    const [reply] = (await once(child, 'message', { signal: either })) as [FrozenTrialReply]
    return reply
  } catch (error) {
    if (signal.aborted) throw interrupted()
    if (ended.signal.aborted)
      throw runError('frozen-ended', 'the frozen trial’s process ended early')
    throw error
  } finally {
    child.off('exit', onExit)
  }
}
