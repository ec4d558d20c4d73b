import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { shortTrial } from './bench.ts'
import { expectSound } from './expect-sound.ts'

const TIME_LIMIT_MS = 30_000
const SCENARIO = fileURLToPath(new URL('scenarios/busy-store.ts', import.meta.url))
const OFFERED_PER_SECOND = 1_500
const STAGED = ['staged', 'staged:layout=fused']
const busyTrial = (
  kind: string,
  arm: string,
  offeredPerSecond: number | null = OFFERED_PER_SECOND,
) => shortTrial({ scenario: SCENARIO, arm, parameters: { kind }, offeredPerSecond })

test.each([...STAGED, 'staged:layout=fused:inline=off', 'sharded'])(
  '%s answers requests that wait for a device, and counts what the waits took',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    const trial = await busyTrial('device', arm)
    expectSound(trial)
    const { count, askedNs, actualNs } = trial.counters.declaredWaits!
    expect(askedNs / count).toBeCloseTo(2_000_000, -2)
    expect(actualNs).toBeGreaterThanOrEqual(askedNs)
    expect(trial.maxNs).toBeGreaterThan(2_000_000)
  },
)

test.each([...STAGED, 'sharded', 'sharded:offload=off', 'sharded:offloadThreads=1'])(
  '%s answers requests whose calls are known to block',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    const trial = await busyTrial('call', arm)
    expectSound(trial)
    const offLoads = arm.startsWith('sharded') && !arm.includes('offload=off')
    expect(trial.threads.some(({ name }) => name === 'off-load-0')).toBe(offLoads)
    expect(trial.counters.handoffs !== null).toBe(offLoads || arm.startsWith('staged'))
    expect(trial.counters.declaredWaits!.count).toBeGreaterThan(0)
  },
)

test.each([...STAGED, 'sharded', 'sharded:offload=off'])(
  '%s answers requests that read a file',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    const trial = await busyTrial('read', arm)
    expectSound(trial)
    expect(trial.counters.declaredWaits).toBeNull()
  },
)

test.each([...STAGED, 'sharded', 'sharded:slices=off', 'sharded:quotaMicros=50'])(
  '%s answers requests that burn for long',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    const trial = await busyTrial('burn', arm)
    expectSound(trial)
    expect(trial.counters.declaredWaits).toBeNull()
  },
)

test.each([
  ...STAGED,
  'staged:locks=reader-writer',
  'sharded',
  'sharded:ringCapacity=2:batch=4',
  'sharded:permits=1',
])(
  '%s answers requests over 1 to 16 keys, each of them right, at whatever load',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    expectSound(await busyTrial('legs', arm))
    const most = await busyTrial('legs', arm, null)
    expect(most.void).toBeNull()
    expect(most.counts.completed).toBe(most.counts.due)
  },
)

test.each(STAGED)(
  '%s with locks that guard nothing loses updates of legs, which voids the trial',
  { timeout: 5 * TIME_LIMIT_MS },
  async (arm) => {
    let reason: string | null = null
    for (let attempt = 0; attempt < 5 && reason === null; attempt++) {
      const trial = await shortTrial({
        scenario: SCENARIO,
        arm,
        parameters: { kind: 'legs', keys: '1' },
        offeredPerSecond: null,
        sabotage: { brokenLocks: true },
      })
      reason = trial.void
    }
    expect(reason).toMatch(/lost or doubled update|wrong answers/)
  },
)

test.each(
  [...STAGED, 'sharded'].flatMap((arm) => [
    [arm, 'background'],
    [arm, 'priorities'],
  ]),
)('%s does its %s work beside the requests', { timeout: TIME_LIMIT_MS }, async (arm, kind) => {
  const trial = await busyTrial(kind!, arm!)
  expectSound(trial)
  expect(trial.backgroundShare!.asked).toBe(0.2)
  // Some of it at least, however busy the machine; never more than is due, but for what was late before.
  expect(trial.backgroundShare!.done).toBeGreaterThan(0)
  expect(trial.threads.some(({ name }) => name.startsWith('burner'))).toBe(false)
})

test.each([...STAGED, 'sharded'])(
  '%s has no work of its own where a workload declares none',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    const trial = await shortTrial({ scenario: 'kv-update', arm, parameters: { keys: '1000' } })
    expect([trial.backgroundShare, trial.counters.declaredWaits]).toEqual([null, null])
    expect(trial.threads.some(({ name }) => /^(?:off-load|background)/.test(name))).toBe(false)
  },
)
