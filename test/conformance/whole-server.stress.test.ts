import { expect, test } from 'vitest'
import { drawSeed } from '../../harness/base/random.ts'
import { drawServer } from './drawn-server.ts'
import { faultWhenPlayed } from './played-server.ts'

/*
 * Whole servers on real threads, drawn by a seed: each plays a trial at a load that it bears and one at `max`, every answer is
 * checked, every request answered, and no sleep beside work ended by its time-out. STRESS_SECONDS is how long each
 * architecture is drawn anew, STRESS_SEED where the seeds begin; a failure says the seed that begins with it.
 */
const SECONDS = Number(process.env['STRESS_SECONDS'] ?? 10)
const FIRST_SEED = Number(process.env['STRESS_SEED'] ?? drawSeed())
/** The last server drawn may hang: until its drain is given up, and what is in flight is lost. */
const LAST_SERVER_SECONDS = 60

test.each(['staged', 'sharded'] as const)(
  `%s, whatever its options, answers everything and sleeps through nothing: STRESS_SEED=${FIRST_SEED}`,
  { timeout: (SECONDS + LAST_SERVER_SECONDS) * 1_000 },
  async (architecture) => {
    const faults: string[] = []
    let servers = 0
    for (const began = performance.now(); performance.now() - began < SECONDS * 1_000; servers++) {
      const fault = await faultWhenPlayed(drawServer(architecture, FIRST_SEED + servers))
      if (fault !== null) faults.push(fault)
    }
    expect(servers).toBeGreaterThan(0)
    expect(faults.join('\n')).toBe('')
  },
)
