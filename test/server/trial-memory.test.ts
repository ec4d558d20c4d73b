import { sharedPolicy } from '../../harness/shared-memory/idle-strategy.ts'
import { expect, test } from 'vitest'
import { poolConditionAt, StageSettings } from '../../harness/architectures/staged/staged-memory.ts'
import { QUEUE_NOT_EMPTY_WORD } from '../../harness/shared-memory/bounded-queue.ts'
import { WokenThreads } from '../../harness/trial/thread-readings.ts'
import { loadScenario } from '../../harness/scenario/load.ts'
import { parseArms } from '../../harness/asked/arms.ts'
import { createTrialMemory, type TrialMemory } from '../../harness/server/server-memory.ts'
import { createKeySpace } from '../../harness/workload/keys.ts'
import { createTrace } from '../../harness/workload/trace.ts'

/** The memory of a trial on two processors. @param virtualCores null for a core per processor. */
async function memoryOf(
  scenario: string,
  arm: string,
  virtualCores: number | null = null,
): Promise<TrialMemory> {
  const parameters = scenario === 'kv-update' ? { keys: '100' } : {}
  const { scenario: loaded, params } = await loadScenario(scenario, parameters)
  const cpus = [0, 1]
  const workload = loaded.workload(params)
  const keySpace = createKeySpace(workload.recordCount)
  const portCount = virtualCores ?? cpus.length
  const steady = createTrace({
    workload,
    keySpace,
    portCount,
    routing: 'random',
    seed: 1,
    count: 64,
  })
  return createTrialMemory({
    arm: parseArms(`${arm},sharded:permits=1`)[0],
    cpus,
    cores: virtualCores === null ? cpus : Array.from({ length: virtualCores }, () => null),
    stages: loaded.stages(params),
    workload,
    keySpace,
    blockFile: null,
    listen: null,
    room: { warmUp: steady, steady, warmUpWindows: 1, steadyWindows: 1 },
    spinners: cpus.length,
    sabotage: {},
  })
}

/** Most requests that a thread takes from each source at once, by stage. */
function batchesOf({ server }: TrialMemory): number[] {
  if (server.architecture === 'sharded') return [server.batch]
  const settings = new StageSettings(server.memory)
  return Array.from({ length: server.memory.stageCount }, (_, stage) => settings.batch(stage))
}

test.each(['staged:batch=32', 'staged:layout=fused:batch=32', 'sharded:batch=32'])(
  '%s serves requests of five milliseconds one at a time',
  async (arm) => {
    expect(batchesOf(await memoryOf('queue-discipline', arm))).toEqual([1])
  },
)

test.each(['staged:batch=32', 'sharded:batch=32'])(
  '%s takes short requests in whole batches',
  async (arm) => {
    const batches = batchesOf(await memoryOf('kv-update', arm))
    expect(new Set(batches)).toEqual(new Set([32]))
  },
)

test.each(['staged', 'sharded'])(
  'a server of %s with eight virtual cores has eight of everything, bound to no processor',
  async (arm) => {
    const memory = await memoryOf('queue-discipline', arm, 8)
    expect(memory.replay?.recorders).toHaveLength(8)
    expect(memory.plans.filter(({ port }) => port !== undefined)).toHaveLength(8)
    expect(memory.plans.filter(({ name }) => /^(?:serve|reactor)-/.test(name))).toHaveLength(8)
    expect(memory.plans.every(({ cpu }) => cpu === undefined)).toBe(true)
  },
)

/** What threads that wait for work sleep on, by name. */
function conditionsOf({ server }: TrialMemory): Readonly<Record<string, () => number>> {
  const at = (buffer: SharedArrayBuffer, word: number) => () => new Int32Array(buffer)[word]!
  const queue = ({ buffer }: { buffer: SharedArrayBuffer }) => at(buffer, QUEUE_NOT_EMPTY_WORD)
  if (server.architecture === 'sharded') return { offLoad: queue(server.memory.offLoad!.requests) }
  const { queues, timers, buffer } = server.memory
  return {
    ...(server.fused
      ? { pool: at(buffer, poolConditionAt(server.memory)) }
      : Object.fromEntries(queues.map((one, stage) => [`stage ${stage}`, queue(one)]))),
    timer: queue(timers!.waiting),
  }
}

test.each([
  ['staged:waits=async', 4],
  ['staged:waits=async:layout=fused', 2],
  ['sharded', 1],
])('whatever a thread of %s waits for, the end of a trial wakes it', async (arm, count) => {
  const memory = await memoryOf(arm === 'sharded' ? 'blocking-call' : 'io-overlap', arm)
  const conditions = Object.entries(conditionsOf(memory))
  expect(conditions).toHaveLength(count)
  const before = conditions.map(([, sequence]) => sequence())
  await new WokenThreads(memory).tell(0)
  for (const [index, [name, sequence]] of conditions.entries())
    expect([name, sequence()]).toEqual([name, before[index]! + 1])
})

test.each(['staged', 'sharded'])('threads of %s idle as their arm says', async (arm) => {
  const options = 'idle=park:spinMicros=30:moderationMicros=20:earlyMicros=10'
  const memory = await memoryOf('kv-update', `${arm}:${options}`)
  const common = {
    originNs: 0n,
    scenarioUrl: '',
    params: {},
    burnIterationsPerMicro: 1,
    burnModule: null,
  } as unknown as Parameters<typeof memory.deployment>[1]
  expect(memory.deployment(0, common).idle).toEqual({
    policy: sharedPolicy('park'),
    spinNs: 30_000,
    moderationNs: 20_000,
    earlyNs: 10_000,
  })
})
