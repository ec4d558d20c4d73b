import { NS_PER_US } from '../../harness/base/units.ts'
import { loadScenario } from '../../harness/experiment/load-scenario.ts'
import { parseArms } from '../../harness/experiment/parse-arms.ts'
import { availableCpus } from '../../harness/experiment/parse-cpus.ts'
import { createTrialContext } from '../../harness/experiment/trial-context.ts'
import { trialTimes } from '../../harness/experiment/trial-plan.ts'
import { TrialSeries } from '../../harness/experiment/trial-series.ts'
import { hodgesLehmann } from '../../harness/stats/signed-rank.ts'

/*
 * What one more stage costs: `stage-handoff` with 1 … 8 stages of the same total work, in rounds, and the slope of the
 * median latency over stages, by round (least squares) and over the rounds with its interval. Compare it with the rows
 * about handoffs of `crossover calibrate`.
 * `node test/bench/handoff-slope.ts [requests per second] [rounds] [arm]`
 */
const [perSecondText = '2000', roundsText = '6', armText = 'staged'] = process.argv.slice(2)
const perSecond = Number(perSecondText)
const rounds = Number(roundsText)
const STAGES = [1, 2, 3, 4, 5, 6, 7, 8]
const STEADY_SECONDS = 0.3
const LEVEL = 0.95
const SEED = 1

const [arm] = parseArms(`${armText},sharded:permits=1`)
const { signal } = new AbortController()
const series = await Promise.all(
  STAGES.map(async (stages) => {
    const loaded = await loadScenario('stage-handoff', { stages: String(stages) })
    const context = createTrialContext({
      loaded,
      cpus: availableCpus(),
      virtualCores: null,
      signal,
    })
    return new TrialSeries(context, SEED)
  }),
)
const medians: number[][] = []
for (let round = 0; round < rounds; round++) {
  const inRound: number[] = []
  // Up and down in turn: the machine drifts.
  const order = [...STAGES.keys()]
  for (const index of round % 2 === 0 ? order : order.toReversed()) {
    const { trial } = await series[index]!.trial(arm, perSecond, round, trialTimes(STEADY_SECONDS))
    if (trial.void !== null) throw new Error(`void: ${trial.void}`)
    inRound[index] = trial.percentiles.p50.ns
  }
  medians.push(inRound)
  console.error(`round ${round + 1}: ${inRound.map(micros).join(', ')}`)
}
console.log(`${arm.label} at ${perSecond}/s, median latency by stages, ${rounds} rounds`)
for (const [index, stages] of STAGES.entries()) {
  console.log(`  ${stages}: ${estimate(medians.map((inRound) => inRound[index]!))}`)
}
console.log(`slope per stage: ${estimate(medians.map(slopeOf))}`)

/** Least squares over the numbers of stages. */
function slopeOf(inRound: readonly number[]): number {
  const meanStages = STAGES.reduce((sum, stages) => sum + stages, 0) / STAGES.length
  const meanNs = inRound.reduce((sum, ns) => sum + ns, 0) / inRound.length
  const [covariance, variance] = STAGES.reduce(
    ([both, own], stages, index) => [
      both + (stages - meanStages) * (inRound[index]! - meanNs),
      own + (stages - meanStages) ** 2,
    ],
    [0, 0],
  )
  return covariance / variance
}

function estimate(values: readonly number[]): string {
  const { value, lower, upper, level } = hodgesLehmann(values, LEVEL)
  return `${micros(value)} (${micros(lower)} to ${micros(upper)}, ${(level * 100).toFixed(1)} %)`
}

function micros(ns: number): string {
  return `${(ns / NS_PER_US).toFixed(1)} µs`
}
