import { expect, test } from 'vitest'
import { NS_PER_SECOND } from '../../harness/base/units.ts'
import {
  expectedResponses,
  type TheoryTrial,
} from '../../harness/experiment/validate/played-requests.ts'
import { rankPercentile } from '../../harness/stats/intervals.ts'
import { playedTrial } from './bench.ts'
import { expectSound } from './expect-sound.ts'

const TIME_LIMIT_MS = 20_000
const ATTEMPTS = 5
const SERVERS = 8
const SERVICE_NS = 2_000_000
/** So short that a server answers nothing while it lasts. */
const BURST_SECONDS = 0.002
const SERVING = {
  scenario: 'queue-discipline',
  parameters: { serviceMicros: String(SERVICE_NS / 1_000), distribution: 'fixed' },
}
const ARMS = ['staged', 'staged:layout=fused', 'sharded']

/** A short trial of so many servers, each of which takes 2 ms for a request, that are idle when it begins. */
function servedTrial(arm: string, utilisation: number, cores = SERVERS): Promise<TheoryTrial> {
  return playedTrial({
    ...SERVING,
    arm,
    cores,
    offeredPerSecond: (utilisation * cores * NS_PER_SECOND) / SERVICE_NS,
    steadySeconds: 0.4,
    restNs: 50_000_000,
  })
}

test.each(ARMS)(
  'eight servers of %s that only wait answer every request, none before its service is over',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    const { trial, trace } = await servedTrial(arm, 0.3)
    expectSound(trial)
    expect(trace.ports).toHaveLength(SERVERS)
    // Each request's own service comes before its answer, however it was batched.
    expect(trial.minNs).toBeGreaterThanOrEqual(SERVICE_NS)
  },
)

test.each(ARMS)(
  'two servers of %s answer no sooner than the recursion allows',
  { timeout: TIME_LIMIT_MS },
  async (arm) => {
    const played = await servedTrial(arm, 0.7, 2)
    expectSound(played.trial)
    const expected = expectedResponses(played, arm.startsWith('staged'))
    expect(played.trial.counts.completed).toBe(expected.length)
    const { percentiles } = played.trial
    // A histogram is a thousandth off.
    for (const [name, fraction] of [
      ['p50', 0.5],
      ['p90', 0.9],
      ['p99', 0.99],
    ] as const)
      expect(percentiles[name].ns).toBeGreaterThan(0.998 * rankPercentile(expected, fraction))
    expect(percentiles.max.ns).toBeGreaterThanOrEqual(expected.at(-1)! - 1)
  },
)

// A reactor's quota would make its turns short after the first long ones: out of the way, so that only the declared work
// bounds the batch.
test.each(['staged:batch=64:permits=64', 'sharded:batch=64:permits=64:quotaMicros=1000000'])(
  '%s serves long requests one at a time all the same',
  { timeout: ATTEMPTS * TIME_LIMIT_MS },
  async (arm) => {
    // A burst for one server. One at a time its answers lie a service apart, however slow the machine is; those of a
    // batch come together, and their latencies differ by no more than the burst lasts.
    let answersLieApart = false
    for (let attempt = 0; attempt < ATTEMPTS && !answersLieApart; attempt++) {
      const { trial } = await playedTrial({
        ...SERVING,
        arm,
        cores: 1,
        offeredPerSecond: 20_000,
        steadySeconds: BURST_SECONDS,
        restNs: 300_000_000,
      })
      expectSound(trial)
      const answersBetween = Math.floor(trial.counts.due * (0.9 - 0.5))
      const { p50, p90 } = trial.percentiles
      const leastNs = answersBetween * SERVICE_NS - BURST_SECONDS * NS_PER_SECOND
      // Half of it: the network thread may be late with one answer and not with the next.
      answersLieApart = p90.ns - p50.ns >= leastNs / 2
      expect(leastNs / 2).toBeGreaterThan(2 * BURST_SECONDS * NS_PER_SECOND)
    }
    expect(answersLieApart).toBe(true)
  },
)
