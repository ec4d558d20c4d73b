import { expect, test } from 'vitest'
import { shortTrial } from './bench.ts'

/**
 * Real calls that nobody knew to block, of 1 to 20 ms: detectors of both architectures name them with their stage. What else they
 * name is a thread that really was held, which a busy machine may do outside of the kernel's account: told, not judged here.
 */
test.each(['staged', 'sharded'])(
  '%s names planted stalls with their stage',
  { timeout: 60_000 },
  async (arm) => {
    const trial = await shortTrial({
      scenario: 'blocking-call',
      parameters: { known: 'no', oneIn: '100', stallMillis: '1', longestMillis: '20' },
      arm: `${arm}:stallMillis=0.5`,
      offeredPerSecond: 1_000,
      steadySeconds: 2,
    })
    expect(trial.void).toBeNull()
    const { thresholdNs, stages } = trial.stalls!
    expect(thresholdNs).toBe(500_000)
    const [decode, call, encode] = stages
    expect(call!.planted).toBeGreaterThanOrEqual(10)
    expect(call!.plantedNamed / call!.planted).toBeGreaterThanOrEqual(0.95)
    expect(call!.longestNs).toBeGreaterThanOrEqual(15_000_000)
    expect([decode!.planted, encode!.planted]).toEqual([0, 0])
  },
)
