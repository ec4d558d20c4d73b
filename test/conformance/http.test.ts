import { afterAll, expect, test } from 'vitest'
import type { Trial } from '../../harness/results/schema.ts'
import { endClient, FAULTY_COUNTER, shortTrial, type TrialSettings } from './bench.ts'
import { expectClassesAddUp, expectSound } from './expect-sound.ts'

const TIME_LIMIT_MS = 30_000
const ARMS = ['staged', 'staged:layout=fused', 'sharded', 'sharded:routing=shard-aware']
/** The layout with the fewest threads stands for staged where the layout makes no difference. */
const QUICK = ['staged:layout=fused', 'sharded']
const CLIENTS = { connections: 16, pipelining: 1 }
const KV = { scenario: 'kv-update', parameters: { keys: '1000' }, http: CLIENTS }
/** So few that a client on a loaded machine keeps up. */
const OFFERED_PER_SECOND = 1_000

afterAll(endClient)

function overHttp(settings: TrialSettings): Promise<Trial> {
  return shortTrial({ offeredPerSecond: OFFERED_PER_SECOND, ...settings })
}

test.each(ARMS)(
  '%s answers every request that a client sends over real sockets',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    const trial = await overHttp({ ...KV, arm })
    expectSound(trial)
    expect(trial.client!.sendLateness).not.toBeNull()
    expect(trial.client!.connectionErrors).toBe(0)
    expect(trial.gates.map((gate) => gate.name)).toEqual(
      expect.arrayContaining(['answers', 'lateness', 'generator']),
    )
  },
)

/** Of each kind of stage one: documents, records, waits for a device and in calls, background work. */
const SCENARIO_NAMES = [
  'http-json',
  'http-plaintext',
  'kv-update',
  'io-overlap',
  'blocking-call',
  'background-work',
]
const SCENARIOS = SCENARIO_NAMES.flatMap((name) => QUICK.map((arm) => [name, arm] as const))
test.each(SCENARIOS)(
  'scenario %s passes over real sockets on %s, with requests pipelined',
  { timeout: TIME_LIMIT_MS },
  async (scenario, arm) => {
    const http = { connections: 8, pipelining: 4 }
    const trial = await overHttp({ scenario, arm, http, offeredPerSecond: 150 })
    expect(trial.void).toBeNull()
    expect(trial.counts.completed).toBe(trial.counts.due)
    if (trial.classes !== null) expectClassesAddUp(trial)
  },
)

test.each([
  ['staged', 1],
  ['sharded', 1],
  ['sharded', 8],
])(
  'a closed loop counts what %s answers, with %i requests in flight per connection, and every answer is checked',
  { timeout: TIME_LIMIT_MS },
  async (arm, pipelining) => {
    const http = { connections: 4, pipelining }
    const trial = await shortTrial({ ...KV, arm, http, offeredPerSecond: null })
    expect(trial.void).toBeNull()
    expect(trial.achievedPerSecond).toBeGreaterThan(0)
    expect(trial.counts.completed).toBeGreaterThan(0)
    expect(trial.client!.sendLateness).toBeNull()
  },
)

test.each(QUICK)(
  '%s refuses what waits too long for a slot, and stays right',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    const trial = await shortTrial({
      ...KV,
      arm: `${arm}:permits=1:deadlineMillis=1`,
      http: { connections: 64, pipelining: 1 },
      offeredPerSecond: 200_000,
      longestDrainNs: 100_000_000,
    })
    expect(trial.void).toBeNull()
    expect(trial.counts.refused).toBeGreaterThan(0)
    expect(trial.percentiles.max.atLeast).toBe(true)
  },
)

// Staged's backlog is in its queues here, sharded's in connections and mailboxes.
test.each(['staged', ...QUICK])(
  '%s refuses over real sockets what was late when it left any of them, and every connection goes on',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    const trial = await shortTrial({
      scenario: 'overload',
      parameters: { workMicros: '1000' },
      arm: `${arm}:deadlineMillis=1`,
      burnIterationsPerMicro: 1_000,
      http: { connections: 16, pipelining: 8 },
      offeredPerSecond: 20_000,
      longestDrainNs: 5_000_000_000,
    })
    expect(trial.void).toBeNull()
    expect(trial.counts.refused).toBeGreaterThan(0)
    const { due, completed, refused } = trial.counts
    expect(completed + refused).toBe(due)
  },
)

test.each([
  ['foreign-version', 'reply from nowhere'],
  ['foreign-checksum', 'wrong answer: port='],
])('a server with %s voids the trial', { timeout: TIME_LIMIT_MS }, async (fault, what) => {
  const parameters = { fault, keys: '100' }
  const trial = await overHttp({
    scenario: FAULTY_COUNTER,
    parameters,
    arm: 'sharded',
    http: CLIENTS,
  })
  expect(trial.void).toContain(what)
})

test('a client that is killed ends the trial', { timeout: TIME_LIMIT_MS }, async () => {
  const http = {
    ...CLIENTS,
    onClient: (processId: number) => {
      setTimeout(() => process.kill(processId, 'SIGKILL'), 800)
    },
  }
  await expect(overHttp({ ...KV, arm: 'sharded', http, steadySeconds: 5 })).rejects.toMatchObject({
    kind: 'run',
    code: 'client-ended',
  })
})

test.each([
  ['throws', 'a stage threw: stage=apply: enough is enough'],
  ['rejects', 'a promise that a stage made was rejected: stage=apply: enough is enough'],
])(
  'a server thread one of whose stages %s ends the trial',
  { timeout: TIME_LIMIT_MS },
  async (fault, told) => {
    const parameters = { fault, keys: '100' }
    const request = { scenario: FAULTY_COUNTER, parameters, arm: 'sharded', http: CLIENTS }
    await expect(overHttp({ ...request, steadySeconds: 3 })).rejects.toMatchObject({
      kind: 'run',
      message: expect.stringContaining(told),
    })
  },
)

test('an interrupted trial leaves nothing behind', { timeout: TIME_LIMIT_MS }, async () => {
  const interruption = new AbortController()
  let client = 0
  const http = {
    ...CLIENTS,
    onClient: (processId: number) => {
      client = processId
      setTimeout(() => interruption.abort(), 500)
    },
  }
  const { signal } = interruption
  await expect(
    overHttp({ ...KV, arm: 'sharded', http, steadySeconds: 5, signal }),
  ).rejects.toMatchObject({ code: 'interrupted' })
  expect(() => process.kill(client, 0)).toThrow('ESRCH')
})

const BUSY_CLIENTS = {
  scenario: 'heavy-clients',
  parameters: { workMicros: '1000' },
  burnIterationsPerMicro: 1_000,
  offeredPerSecond: 20_000,
  longestDrainNs: 1_000_000_000,
}

test.each(
  QUICK.flatMap((arm) => [
    ['over real sockets', arm, { http: { connections: 16, pipelining: 8 } }] as const,
    ['in replay', arm, {}] as const,
  ]),
)(
  '%s heavy and light clients of %s are all its requests, also those that it refuses',
  { timeout: TIME_LIMIT_MS },
  async (_, arm, transport) => {
    const late = { ...BUSY_CLIENTS, ...transport, arm: `${arm}:deadlineMillis=1` }
    const trial = await shortTrial(late)
    expect(trial.void).toBeNull()
    expect(trial.counts.refused).toBeGreaterThan(0)
    expect(trial.classes!.map(({ name }) => name)).toEqual(['heavy', 'light'])
    expectClassesAddUp(trial)
  },
)
