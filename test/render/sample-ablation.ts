import { combineSeeds, seededRandom } from '../../harness/base/random.ts'
import { type Chain, defaultChain } from '../../harness/experiment/ablate/chain.ts'
import type { RoundGroup, RoundPlace } from '../../harness/experiment/ablate/plan.ts'
import { summarizeChain } from '../../harness/experiment/ablate/summary.ts'
import { type Ablation, ablationSchema, type Round } from '../../harness/results/ablate.ts'
import { sampleReport } from './sample-report.ts'

const SEED = 42
/** The default chain but for optimistic reads: what is shown of it hangs on no step that is added. */
const CHAIN: Chain = {
  arms: defaultChain().arms.toSpliced(2, 1),
  steps: defaultChain().steps.toSpliced(1, 1),
}
/** True figures of its arms. */
const P99_NS = [9.1e6, 9e6, 2.4e6, 1.9e6, 6e5, 5.9e5, 2.4e5, 9e4, 6e4, 4e4]
const PER_SECOND = [60e3, 61e3, 3e5, 5e5, 9e5, 9e5, 9.1e5, 6e5, 1.6e6, 3e6]
const UNKNOWN_FIGURE = 1e5

/** What decides a sample: true figures by arm, how many rounds, how noisy. */
export interface SampleSettings {
  readonly chain?: Chain
  readonly p99Ns?: readonly number[]
  readonly rounds?: number
  readonly capacityRounds?: number
  /** Largest deviation of one figure, as a share. */
  readonly noise?: number
}

function roundsOf(
  { p99Ns = P99_NS, noise = 0.06, chain = CHAIN }: SampleSettings,
  part: RoundPlace['part'],
  group: RoundGroup,
  count: number,
): Round[] {
  const last = chain.arms.length - 1
  const places = group === 'ends' ? [0, last] : [...chain.arms.keys()]
  return Array.from({ length: count }, (_, index) => {
    const order = index % 2 === 0 ? places : places.toReversed()
    const trials = order.map((arm) => {
      const random = seededRandom(
        combineSeeds(SEED, arm, index, part === 'latency' ? 1 : 2, group === 'ends' ? 1 : 2),
      )
      const noisy = (value: number): number => value * (1 + noise * (2 * random.unit() - 1))
      const p99 = noisy(p99Ns[arm] ?? UNKNOWN_FIGURE)
      return {
        arm,
        startedAtSeconds: index,
        p50: { ns: p99 / 8, atLeast: false },
        p99: { ns: p99, atLeast: false },
        cpuPerRequestNs: noisy(9e3 - 700 * arm),
        achievedPerSecond: noisy(PER_SECOND[arm] ?? UNKNOWN_FIGURE),
        failedGates: [],
        void: null,
      }
    })
    return { index, seed: combineSeeds(SEED, index), order, trials, discarded: [] }
  })
}

/** A whole ablation, of `CHAIN` unless the settings say otherwise. Always the same. */
export function sampleAblation(settings: SampleSettings = {}): Ablation {
  const { chain = CHAIN, rounds = 6, capacityRounds = 3 } = settings
  const nothing = { p50: null, p99: null, cpuPerRequest: null, throughput: null }
  const { environment, scenario } = sampleReport()
  const ablation: Ablation = {
    schemaVersion: 1,
    complete: true,
    ending: null,
    run: {
      startedAt: '2026-11-22T19:53:58.000Z',
      command: 'npx crossover ablate kv-update --seed 42',
      seed: SEED,
      elapsedSeconds: 171.2,
      cpus: [0, 1],
      durationSeconds: 0.25,
      plannedRounds: rounds,
      plannedCapacityRounds: capacityRounds,
      level: 0.95,
      requestClass: null,
    },
    environment,
    scenario: {
      name: scenario.name,
      question: scenario.question,
      claim: scenario.claim,
      params: scenario.params,
    },
    arms: chain.arms.map((arm) => ({ ...arm, figures: nothing })),
    load: { label: '50%', perSecond: 30_000 },
    steps: chain.steps.map((step, index) => ({
      ...step,
      from: index,
      to: index + 1,
      ratios: nothing,
    })),
    mechanisms: [],
    product: nothing,
    productOfEstimates: nothing,
    endpoints: nothing,
    agreement: nothing,
    markedTrials: { count: 0, of: 0, byGate: {} },
    measured: {
      capacity: {
        rounds: roundsOf(settings, 'capacity', 'rounds', capacityRounds),
        ends: roundsOf(settings, 'capacity', 'ends', capacityRounds),
      },
      latency: {
        rounds: roundsOf(settings, 'latency', 'rounds', rounds),
        ends: roundsOf(settings, 'latency', 'ends', rounds),
      },
    },
    warnings: [],
  }
  return summarized(ablation)
}

/** An ablation that was stopped in its second round of latencies, with marked trials and a warning. */
export function troubledAblation(): Ablation {
  const ablation = sampleAblation({ rounds: 2, capacityRounds: 3 })
  const { latency, capacity } = ablation.measured
  latency.ends.pop()
  latency.rounds[1]?.trials.splice(4)
  latency.rounds[0]?.trials[0]?.failedGates.push('noise', 'halves')
  capacity.rounds[2]?.trials[1]?.failedGates.push('noise')
  const late = latency.rounds[0]?.trials.find((trial) => trial.arm === 8)
  if (late !== undefined) late.p99 = { ns: 1.2e9, atLeast: true }
  ablation.complete = false
  ablation.ending = 'the run was interrupted'
  ablation.warnings.push({
    code: 'busy-machine',
    message: 'other processes took 7.0 % of the processors’ time',
    cure: 'end other programs and run again',
  })
  return summarized(ablation)
}

/** With everything that follows from its trials, and of the schema’s shape. */
export function summarized(ablation: Ablation): Ablation {
  const copy = structuredClone(ablation)
  summarizeChain(copy, copy.run)
  // As a file has it: open ends are null there.
  return ablationSchema.parse(JSON.parse(JSON.stringify(copy)))
}
