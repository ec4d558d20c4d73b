import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { READ_OPERATION, UPDATE_OPERATION } from '../../harness/contract/request.ts'
import { loadScenario } from '../../harness/scenario/load.ts'
import { playLog } from '../../harness/scenario/read-request-log.ts'
import { parseTwoArms } from '../../harness/asked/arms.ts'
import { availableCpus } from '../../harness/asked/cpus.ts'
import { createTrialContext } from '../../harness/trial/context.ts'
import { ServerFactory } from '../../harness/trial/server-factory.ts'
import type { ServerUnderTest } from '../../harness/trial/server-under-test.ts'
import { type RequestLog, RequestLogBuilder } from '../../harness/workload/request-log.ts'

const TIME_LIMIT_MS = 30_000
const ARMS = parseTwoArms('sharded,staged')
const [ARM] = ARMS
/** Far longer than the test: it is killed in the middle. */
const STEADY_SECONDS = 20
const ORDER = {
  offeredPerSecond: 2_000,
  traceSeed: 1,
  settleSeconds: 0.1,
  steadySeconds: 0.1,
  longestDrainSeconds: 3,
}

/** So that a failed test leaves none behind. */
const made: ServerUnderTest[] = []
afterEach(() => Promise.all(made.splice(0).map((server) => server.stop())))

/** A process of its own, with a table of 100 records, or with the log's. */
async function createServer(
  interruption = new AbortController().signal,
  log?: RequestLog,
): Promise<ServerUnderTest> {
  const plain = await loadScenario('kv-update', { keys: '100' })
  const loaded = log === undefined ? plain : playLog(plain, log)
  const cpus = availableCpus().slice(0, 1)
  const context = createTrialContext({
    loaded,
    arms: ARMS,
    cpus,
    virtualCores: null,
    signal: interruption,
  })
  const server = new ServerFactory().make(context, {
    arm: ARM,
    transport: { kind: 'replay' },
    durationSeconds: STEADY_SECONDS,
    answersOnly: true,
    seed: 1,
    traceSeeds: [1],
  })
  made.push(server)
  return server
}

/** Kernel ids of this process's children, whichever of its threads started them. */
function childrenOf(id: number): readonly number[] {
  return readdirSync(`/proc/${id}/task`).flatMap((task) =>
    readFileSync(`/proc/${id}/task/${task}/children`, 'utf8')
      .split(' ')
      .filter(Boolean)
      .map(Number),
  )
}

function commandOf(id: number): string {
  return readFileSync(`/proc/${id}/cmdline`, 'utf8')
}

/** Children of this process that are servers. */
function serverProcessIds(): readonly number[] {
  return childrenOf(process.pid).filter((id) => commandOf(id).includes('server.process.ts'))
}

test.runIf(process.platform === 'linux')(
  'a server process that is killed in the middle of a trial ends it with a sentence, and can be stopped',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const server = await createServer()
    await server.start()
    const { trial } = await server.play(ORDER)
    expect(trial).toMatchObject({ arm: 'sharded', void: null })
    const [id, ...others] = serverProcessIds()
    expect(others).toEqual([])
    const played = server.play({ ...ORDER, steadySeconds: STEADY_SECONDS })
    setTimeout(() => process.kill(id!, 'SIGKILL'), 300)
    await expect(played).rejects.toMatchObject({
      kind: 'run',
      code: 'server-ended',
      message: 'the process of arm=sharded ended early',
    })
    // What it used is kept, although nothing can be read any more.
    expect(server.usage().cpuSeconds).not.toBe(0)
    await expect(server.stop()).resolves.toBeUndefined()
    expect(serverProcessIds()).toEqual([])
  },
)

test(
  'it stores the log’s records: more keys and longer values than the scenario itself has',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const builder = new RequestLogBuilder()
    for (let at = 0; at < 3_000; at++)
      builder.add(
        at / 2_000,
        at % 2 === 0 ? READ_OPERATION : UPDATE_OPERATION,
        `k${(at * 7) % 300}`,
        1_001,
      )
    const log = builder.finish({ file: 'log.csv', sha256: '' })
    const server = await createServer(undefined, log)
    await server.start()
    const { trial } = await server.play(ORDER)
    expect(trial.void).toBeNull()
    expect(trial.counts.due).toBeGreaterThan(0)
  },
)

test.runIf(process.platform === 'linux')(
  'a parked one is stopped all the same, and nothing of it is left',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const server = await createServer()
    await server.start()
    server.park()
    await server.stop()
    expect(serverProcessIds()).toEqual([])
    expect(server.usage().cpuSeconds).toBeGreaterThan(0)
  },
)

test.runIf(process.platform === 'linux')(
  'one that is interrupted says so, and ends',
  { timeout: TIME_LIMIT_MS },
  async () => {
    const interruption = new AbortController()
    const server = await createServer(interruption.signal)
    await server.start()
    const played = server.play({ ...ORDER, steadySeconds: STEADY_SECONDS })
    setTimeout(() => interruption.abort(), 100)
    await expect(played).rejects.toMatchObject({ kind: 'run', code: 'interrupted' })
    await server.stop()
    expect(serverProcessIds()).toEqual([])
  },
)
