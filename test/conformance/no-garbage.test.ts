import { expect, test } from 'vitest'
import { loadScenario } from '../../harness/scenario/load.ts'
import { parseArms } from '../../harness/asked/arms.ts'
import { createTrialContext } from '../../harness/trial/context.ts'
import { ServerFactory } from '../../harness/trial/server-factory.ts'
import type { ServerUnderTest } from '../../harness/trial/server-under-test.ts'
import { CPUS } from './bench.ts'

const OFFERED_PER_SECOND = 50_000
/** Played first, as a search of the capacity does in a run: code that is reached in a trial of full length only is compiled then. */
const UNMEASURED = 2
const TRIALS = 3
const STEADY_SECONDS = 0.5
const SETTLE_SECONDS = 0.1
const WARM_UP_SECONDS = 20

/** A server of `kv-update` with few keys, as a run starts it. */
async function startServer(arm: string): Promise<ServerUnderTest> {
  const arms = parseArms(`${arm},sharded`)
  const context = createTrialContext({
    loaded: await loadScenario('kv-update', { keys: '1000' }),
    arms: arms.slice(0, 1),
    cpus: CPUS,
    virtualCores: null,
    signal: new AbortController().signal,
  })
  const server = new ServerFactory().make(context, {
    arm: arms[0],
    transport: { kind: 'replay' },
    durationSeconds: STEADY_SECONDS,
    answersOnly: false,
    seed: 1,
    traceSeeds: Array.from({ length: UNMEASURED + TRIALS }, (_, trial) => trial),
  })
  await server.start()
  return server
}

test.each(['sharded', 'staged', 'staged:layout=fused'])(
  '%s: in a steady state of a server that is warm no thread collects garbage',
  { timeout: 60_000 },
  async (arm) => {
    const server = await startServer(arm)
    try {
      await server.warmUp({
        loads: [OFFERED_PER_SECOND],
        shares: [],
        longestSeconds: WARM_UP_SECONDS,
      })
      for (let traceSeed = 0; traceSeed < UNMEASURED + TRIALS; traceSeed++) {
        const { trial } = await server.play({
          offeredPerSecond: OFFERED_PER_SECOND,
          traceSeed,
          settleSeconds: SETTLE_SECONDS,
          steadySeconds: STEADY_SECONDS,
          longestDrainSeconds: 1,
        })
        expect(trial.void).toBeNull()
        expect(trial.counts.completed).toBe(trial.counts.due)
        expect(trial.counts.completed).toBeGreaterThan(OFFERED_PER_SECOND * STEADY_SECONDS * 0.9)
        if (traceSeed < UNMEASURED) continue
        const collections = trial.threads.map((thread) => [thread.name, thread.garbageCollections])
        // Every thread has told, and none has collected.
        expect(collections).toEqual(collections.map(([name]) => [name, 0]))
        expect(trial.counters.garbageCollections).toBe(0)
      }
    } finally {
      await server.stop()
    }
  },
)
