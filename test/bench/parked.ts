import { combineSeeds, drawSeed } from '../../harness/base/random.ts'
import { loadScenario } from '../../harness/scenario/load.ts'
import { parseArm } from '../../harness/asked/arms.ts'
import { ServerFactory } from '../../harness/trial/server-factory.ts'
import type { ServerUnderTest } from '../../harness/trial/server-under-test.ts'
import { createTrialContext } from '../../harness/trial/context.ts'
import type { Trial } from '../../harness/results/schema.ts'
import { pairedRatio } from '../stats/paired-ratio.ts'

/*
 * Whether parked neighbours matter: in each round a fresh server plays each load twice while it is alone, and twice beside two
 * neighbours that were made warm and are parked, in alternating order. An interval of a ratio that leaves out 1 is a winner;
 * of 20 comparisons at 95 % one is expected where neighbours do not matter. Besides: how the variance of the percentiles'
 * logarithms splits between deployments and, of the same trace twice, within one.
 * `node test/bench/parked.ts [rounds] [seed]`; Linux.
 */
const [ROUNDS = 8, SEED = drawSeed()] = process.argv.slice(2).map(Number)
const CPUS = [0, 1]
const ARMS = ['sharded', 'staged']
const NEIGHBOURS = ['staged', 'staged:layout=fused']
const LOADS = [500_000, 1_250_000]
const PLAYS = [1, 2]
const SECONDS = 0.5
const SETTLE_SECONDS = 0.1
const FIGURES = ['p50', 'p90', 'p99', 'p99_9', 'max'] as const
const LEVEL = 0.95
const CONDITIONS = ['alone', 'accompanied'] as const
type Condition = (typeof CONDITIONS)[number]

const { signal } = new AbortController()
const servers = new ServerFactory()
const loaded = await loadScenario('kv-update', {})
const context = createTrialContext({
  loaded,
  arms: ARMS.map((arm) => parseArm(arm)),
  cpus: CPUS,
  virtualCores: null,
  signal,
})

async function started(arm: string, seed: number): Promise<ServerUnderTest> {
  const server = servers.make(context, {
    arm: parseArm(arm),
    transport: { kind: 'replay' },
    durationSeconds: SECONDS,
    answersOnly: false,
    seed,
    traceSeeds: [],
  })
  await server.start()
  await server.warmUp({ loads: LOADS, shares: [], longestSeconds: 4 })
  return server
}

/** By arm, load, condition and play: the figures of all rounds. */
const figures = new Map<string, Trial[]>()
const keyOf = (arm: string, load: number, condition: Condition, play: number) =>
  [arm, load, condition, play].join(' ')

async function playAll(
  server: ServerUnderTest,
  arm: string,
  round: number,
  condition: Condition,
): Promise<void> {
  for (const load of LOADS) {
    for (const play of PLAYS) {
      const { trial } = await server.play({
        offeredPerSecond: load,
        traceSeed: combineSeeds(SEED, round, load),
        settleSeconds: SETTLE_SECONDS,
        steadySeconds: SECONDS,
        longestDrainSeconds: 0.5,
      })
      if (trial.void !== null) throw new Error(`${arm}: ${trial.void}`)
      const key = keyOf(arm, load, condition, play)
      figures.set(key, [...(figures.get(key) ?? []), trial])
    }
  }
}

for (let round = 0; round < ROUNDS; round++) {
  for (const arm of ARMS) {
    const server = await started(arm, combineSeeds(SEED, round))
    const conditions = round % 2 === 0 ? CONDITIONS : CONDITIONS.toReversed()
    for (const condition of conditions) {
      server.park()
      const neighbours: ServerUnderTest[] = []
      if (condition === 'accompanied') {
        for (const neighbour of NEIGHBOURS) {
          const parked = await started(neighbour, combineSeeds(SEED, round, 1))
          parked.park()
          neighbours.push(parked)
        }
      }
      server.resume()
      await playAll(server, arm, round, condition)
      server.park()
      await Promise.all(neighbours.map((one) => one.stop()))
    }
    await server.stop()
    process.stderr.write(`round ${round + 1} of ${ROUNDS}, ${arm}\n`)
  }
}

const logs = (arm: string, load: number, condition: Condition, name: (typeof FIGURES)[number]) =>
  PLAYS.map((play) =>
    figures
      .get(keyOf(arm, load, condition, play))!
      .map((one) => Math.log(one.percentiles[name].ns)),
  )
const meanOf = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length

let winners = 0
let comparisons = 0
for (const arm of ARMS) {
  for (const load of LOADS) {
    for (const name of FIGURES) {
      const perRound = (condition: Condition) => {
        const [first, second] = logs(arm, load, condition, name)
        return first!.map((value, round) => Math.exp((value + second![round]!) / 2))
      }
      const { value, lower, upper } = pairedRatio(perRound('alone'), perRound('accompanied'), LEVEL)
      const isWinner = lower > 1 || upper < 1
      comparisons++
      if (isWinner) winners++
      const [first, second] = logs(arm, load, 'alone', name)
      const within = meanOf(first!.map((one, round) => (one - second![round]!) ** 2 / 2))
      const means = first!.map((one, round) => (one + second![round]!) / 2)
      const middle = meanOf(means)
      const ofMeans =
        means.reduce((sum, one) => sum + (one - middle) ** 2, 0) / Math.max(1, means.length - 1)
      const between = Math.max(0, ofMeans - within / PLAYS.length)
      process.stdout.write(
        `${arm} ${load}/s ${name}: accompanied ÷ alone ${value.toFixed(2)} (${lower.toFixed(2)}–${upper.toFixed(2)})${isWinner ? ' *' : ''}; ` +
          `standard deviation of the logarithm: between deployments ${between ** 0.5 < 0.005 ? '0' : (between ** 0.5).toFixed(2)}, within ${(within ** 0.5).toFixed(2)}\n`,
      )
    }
  }
}
process.stdout.write(`${winners} of ${comparisons} comparisons have a winner\n`)
