import { parseArgs } from 'node:util'
import { parseArm } from '../../harness/asked/arms.ts'
import { combineSeeds, drawSeed, seededRandom } from '../../harness/base/random.ts'
import { shuffled } from '../../harness/experiment/rounds/round-orders.ts'
import type { Trial } from '../../harness/results/schema.ts'
import { loadScenario } from '../../harness/scenario/load.ts'
import type { Interval } from '../../harness/stats/intervals.ts'
import { createTrialContext } from '../../harness/trial/context.ts'
import { stagePlansOf } from '../../harness/server/deployment.ts'
import { ServerFactory } from '../../harness/trial/server-factory.ts'
import type { ServerUnderTest } from '../../harness/trial/server-under-test.ts'
import { pairedRatio } from '../stats/paired-ratio.ts'

/*
 * Which options should be an architecture's defaults: in each round a fresh server of each arm, made warm alone, then one trial
 * of each at each load, in a drawn order, the others stopped. Loads are shares of what the first arm, the present default,
 * sustains. Per load the best arm is the one with the lowest p99, and among those whose p99 cannot be told from its (the
 * interval of the ratio over pairs holds 1) the one with the lowest p50. Medians over rounds.
 * `node test/bench/defaults.ts [--rounds 8] [--seed 1] [--scenario kv-update] [--shares 5,20,50,80] [<arm> <arm> …]`; Linux.
 */
const { values: asked, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '8' },
    seed: { type: 'string', default: String(drawSeed()) },
    scenario: { type: 'string', default: 'kv-update' },
    shares: { type: 'string', default: '5,20,50,80' },
    seconds: { type: 'string', default: '0.5' },
  },
})
const ROUNDS = Number(asked.rounds)
const SEED = Number(asked.seed)
const SHARES = asked.shares.split(',').map((percent) => Number(percent) / 100)
const SECONDS = Number(asked.seconds)
const SETTLE_SECONDS = 0.1
const LONGEST_WARM_UP_SECONDS = 4
/** How far behind the best a default may be. */
const BEHIND = 1.1
const LEVEL = 0.95
const ASYNC = 'staged:waits=async'

const { signal } = new AbortController()
const servers = new ServerFactory()
const loaded = await loadScenario(asked.scenario, {})
const ARMS = positionals.length === 0 ? stagedArms() : positionals
if (ARMS.length < 2) throw new Error('name the arm of the present defaults and one other at least')
const arms = ARMS.map((text) => parseArm(text))
const context = createTrialContext({ loaded, arms, cpus: [0, 1], virtualCores: null, signal })

/** By load and arm: the trials of all rounds. */
const played: Trial[][][] = SHARES.map(() => ARMS.map(() => []))

async function alone<Result>(
  all: readonly ServerUnderTest[],
  one: ServerUnderTest,
  use: () => Promise<Result>,
): Promise<Result> {
  for (const other of all) if (other !== one) other.park()
  one.resume()
  const result = await use()
  one.park()
  return result
}

let loads: readonly number[] = []
for (let round = 0; round < ROUNDS; round++) {
  const under = arms.map((arm, place) =>
    servers.make(context, {
      arm,
      transport: { kind: 'replay' },
      durationSeconds: SECONDS,
      answersOnly: false,
      seed: combineSeeds(SEED, round, place),
      traceSeeds: [],
    }),
  )
  try {
    // One after the other: some have more than a hundred threads.
    for (const server of under) {
      await server.start()
      server.park()
    }
    if (round === 0) {
      const first = under[0]!
      const rehearsed = [100_000, 300_000]
      const perSecond = await alone(under, first, async () => {
        await first.warmUp({
          loads: rehearsed,
          shares: [],
          longestSeconds: LONGEST_WARM_UP_SECONDS,
        })
        const { bracket } = await first.sustains({
          around: null,
          saturates: true,
          confirmSeconds: SECONDS,
          traceSeed: combineSeeds(SEED, 9),
        })
        return bracket?.kept ?? 0
      })
      console.log(`sustains: ${ARMS[0]} ${(perSecond / 1e3).toFixed(0)}k/s`)
      loads = SHARES.map((share) => share * perSecond)
    }
    for (const server of under)
      await alone(under, server, () =>
        server.warmUp({ loads, shares: [], longestSeconds: LONGEST_WARM_UP_SECONDS }),
      )
    for (const [place, offeredPerSecond] of loads.entries()) {
      const traceSeed = combineSeeds(SEED, round, place, 4)
      const random = seededRandom(traceSeed)
      for (const arm of shuffled([...arms.keys()], () => random.unit())) {
        const { trial } = await alone(under, under[arm]!, () =>
          under[arm]!.play({
            offeredPerSecond,
            traceSeed,
            settleSeconds: SETTLE_SECONDS,
            steadySeconds: SECONDS,
            longestDrainSeconds: 0.5,
          }),
        )
        if (trial.void !== null) throw new Error(`${ARMS[arm]}: ${trial.void}`)
        played[place]![arm]!.push(trial)
      }
    }
    console.log(`round ${round + 1} of ${ROUNDS}`)
  } finally {
    await Promise.all(under.map((server) => server.stop()))
  }
}

let heldCount = 0
for (const [place, perSecond] of loads.entries()) {
  const trials = played[place]!
  const latency = (arm: number, name: 'p50' | 'p99') =>
    trials[arm]!.map(({ percentiles }) => percentiles[name].ns)
  const ratioTo = (base: number, arm: number, name: 'p50' | 'p99'): Interval =>
    pairedRatio(latency(base, name), latency(arm, name), LEVEL)
  const lowest = (places: readonly number[], name: 'p50' | 'p99') =>
    places.reduce((best, arm) =>
      median(latency(arm, name)) < median(latency(best, name)) ? arm : best,
    )
  const all = [...ARMS.keys()]
  const lowestTail = lowest(all, 'p99')
  const alike = all.filter((arm) => {
    const { lower, upper } = ratioTo(lowestTail, arm, 'p99')
    return arm === lowestTail || (lower <= 1 && upper >= 1)
  })
  const best = lowest(alike, 'p50')
  const holds = best === 0 || (alike.includes(0) && ratioTo(best, 0, 'p50').value <= BEHIND)
  if (holds) heldCount++
  console.log(
    `\n${SHARES[place]! * 100} %, ${(perSecond / 1e3).toFixed(0)}k/s: best is ${ARMS[best]}; the default ${holds ? 'holds' : 'does not'}`,
  )
  console.log(
    '| arm | p50 µs | p50 ÷ default | p99 µs | p99 ÷ default | CPU µs a request | parks a request | completed |',
  )
  console.log('|---|---|---|---|---|---|---|---|')
  for (const arm of all) {
    const counters = trials[arm]!.map((trial) => trial.counters)
    const per = (name: 'cpuSecondsPerRequest') =>
      median(counters.map((each) => each[name] ?? Number.NaN))
    const completedPerTrial = trials[arm]!.map(({ counts }) => counts.completed / counts.due)
    const parks = median(
      trials[arm]!.map(
        ({ counters: each, counts }) => (each.parks ?? Number.NaN) / counts.completed,
      ),
    )
    console.log(
      `| ${[
        ARMS[arm],
        micros(median(latency(arm, 'p50'))),
        arm === 0 ? '' : estimate(ratioTo(0, arm, 'p50')),
        micros(median(latency(arm, 'p99'))),
        arm === 0 ? '' : estimate(ratioTo(0, arm, 'p99')),
        (per('cpuSecondsPerRequest') * 1e6).toFixed(2),
        parks.toFixed(3),
        `${(median(completedPerTrial) * 100).toFixed(1)} %`,
      ].join(' | ')} |`,
    )
  }
}
console.log(`\nthe default holds at ${heldCount} of ${SHARES.length} loads`)

/** Staged's defaults and what each could be instead; waits for a timer only where stages wait so. */
function stagedArms(): string[] {
  const options = ['moderationMicros=0', 'batch=0', 'threads=1', 'locks=striped', 'idle=spin-park']
  const arms = ['staged', ...options.map((option) => `staged:${option}`)]
  const { scenario, params } = loaded
  const shape = { stages: scenario.stages(params), workload: scenario.workload(params) }
  const plans = stagePlansOf({ ...shape, arm: parseArm(ASYNC) })
  return plans.some(({ setsTimers }) => setsTimers) ? [...arms, ASYNC] : arms
}

function estimate({ value, lower, upper }: Interval): string {
  return `${value.toFixed(2)}× (${lower.toFixed(2)}–${upper.toFixed(2)})`
}

function micros(ns: number): string {
  return (ns / 1e3).toFixed(ns < 1e4 ? 2 : 0)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}
