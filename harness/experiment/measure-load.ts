import { runError } from '../base/errors.ts'
import { combineSeeds, seededRandom } from '../base/random.ts'
import type { Arm } from '../contract/architecture.ts'
import type { Load, Pair, Trial } from '../results/schema.ts'
import { isPrecise, levelPerLook, LOOKS } from '../stats/looks.ts'
import { SMALLEST_RATIO } from '../stats/verdict.ts'
import { compareArms, judgeArms, metricAt } from './compare-arms.ts'
import { reservedSeconds } from './plan.ts'
import type { Repetition } from './repetition.ts'
import type { LoadRequest } from './run-request.ts'
import { failedGate, type RunState } from './run-state.ts'
import { backgroundGap, backgroundGapText } from './background-gap.ts'
import { timerBound, timerBoundText } from './timer-bound.ts'
import { addTraceShares } from './trace-shares.ts'
import { answersOnlyTimes, trialTimes } from './trial-plan.ts'

/** Compares both arms at one load, pair by pair, and puts the load with its verdict into the report. */
export async function measureLoad(
  run: RunState,
  asked: LoadRequest,
  repetition: Repetition,
): Promise<void> {
  const { arms, seed } = run.request
  const load = beginLoad(run, asked)
  const looks = run.request.precision === null ? [run.request.pairs] : LOOKS
  const orders = balancedOrders(looks.at(-1)!, seed)
  for (const look of looks) {
    for (let index = load.pairs.length; index < look; index++) {
      if (run.secondsLeft() <= reservedSeconds(run.request)) {
        warnBudget(run, load, look)
        return tellVerdict(run, load)
      }
      const order = orders[index] ? arms.toReversed() : arms
      await measurePair(run, load, { index, of: look, order }, repetition)
      refuseVoid(load, load.pairs.at(-1)!)
    }
    if (isPreciseEnough(run, load)) return tellVerdict(run, load)
  }
  run.warn(
    'not-precise',
    `the interval did not reach ±${(run.request.precision ?? 0) * 100} % with ${load.pairs.length} pairs: load=${load.label}`,
    'give a longer --duration, or use a quieter machine',
  )
  tellVerdict(run, load)
}

function beginLoad(run: RunState, asked: LoadRequest): Load {
  const offeredPerSecond = offered(run, asked)
  const smaller = run.smallerCapacity()
  const load: Load = {
    label: asked.label,
    offeredPerSecond,
    fractionOfCapacity:
      offeredPerSecond === null || smaller === null ? null : offeredPerSecond / smaller,
    pairs: [],
    comparison: null,
    verdict: null,
  }
  run.report.loads.push(load)
  return load
}

function offered(run: RunState, load: LoadRequest): number | null {
  if (load.kind === 'max') return null
  if (load.kind === 'absolute') return load.perSecond
  return ((run.smallerCapacity() ?? 0) * load.percent) / 100
}

/** Which pair it is, of how many, and which arm goes first. */
interface PairPlan {
  readonly index: number
  readonly of: number
  readonly order: readonly Arm[]
}

async function measurePair(
  run: RunState,
  load: Load,
  plan: PairPlan,
  repetition: Repetition,
): Promise<void> {
  const { index, of, order } = plan
  const pair: Pair = {
    index,
    seed: combineSeeds(run.request.seed, index),
    traceHash: {},
    order: order.map((arm) => arm.label),
    trials: {},
    discarded: [],
  }
  load.pairs.push(pair)
  for (const arm of order) {
    const place = { load: load.label, pair: index + 1, of }
    for (let attempt = 1; ; attempt++) {
      run.tell({ kind: 'trial-started', ...place, arm: arm.label })
      const timesFor = run.request.answersOnly ? answersOnlyTimes : trialTimes
      const times = timesFor(run.request.durationSeconds)
      const measured = await run.trial(arm, load.offeredPerSecond, index, times)
      const trial: Trial = { ...measured.trial, attempt }
      pair.traceHash[arm.label] = measured.traceHash
      // Either arm's requests are the same, also when they are repeated.
      if (attempt === 1 && arm === order[0])
        addTraceShares(load, load.pairs.length, measured, run.context)
      repetition.ran(trial)
      const gate = trial.void === null ? failedGate(trial) : undefined
      if (gate === undefined || !repetition.mayRepeat(run, load, trial, gate)) {
        pair.trials[arm.label] = trial
        judge(run, load)
        run.tell({ kind: 'trial-ended', ...place, trial })
        break
      }
      pair.discarded.push(trial)
      run.tell({ kind: 'repeated', ...place, arm: arm.label, gate, attempt: attempt + 1 })
      run.save()
    }
    run.save()
  }
}

function judge(run: RunState, load: Load): void {
  const [first, second] = run.request.arms
  const level = levelOf(run)
  load.comparison = compareArms(load.pairs, first.label, second.label, level)
  load.verdict = judgeArms(load, {
    metric: metricAt(load, run.request.metric),
    level,
    threshold: run.report.band?.ratios[load.label] ?? SMALLEST_RATIO,
    first: first.label,
    second: second.label,
  })
}

/** Confidence of one interval: with several looks each gets its share of the error (Bonferroni). */
function levelOf(run: RunState): number {
  const { level, precision } = run.request
  return precision === null ? level : levelPerLook(level)
}

function isPreciseEnough(run: RunState, load: Load): boolean {
  const { precision, metric } = run.request
  if (precision === null) return true
  const ratio = load.comparison?.[metricAt(load, metric)]
  if (!ratio || ratio.level === null) return false
  return isPrecise({ ...ratio, level: ratio.level }, precision, levelOf(run))
}

function tellVerdict(run: RunState, load: Load): void {
  warnTimerBound(run, load)
  warnBackground(run, load)
  if (load.verdict) run.tell({ kind: 'verdict', load: load.label, sentence: load.verdict.sentence })
}

function warnTimerBound(run: RunState, load: Load): void {
  const late = timerBound(
    load,
    run.request.arms.map((arm) => arm.label),
  )
  if (late === null) return
  run.warn(
    'timer-bound',
    `${timerBoundText(late)}: load=${load.label}: the lateness of timers and of wake-ups is compared, not the servers`,
    'declare longer waits, lower the load, or use a machine without a hypervisor',
  )
}

function warnBackground(run: RunState, load: Load): void {
  const arms = run.request.arms.map((arm) => arm.label)
  const gap = backgroundGap(load, arms)
  if (gap === null) return
  run.warn(
    'background-gap',
    `${backgroundGapText(gap, arms)}: load=${load.label}: one arm's latencies paid for more of it`,
    'lower the load, so that both can do what they are asked for',
  )
}

function warnBudget(run: RunState, load: Load, planned: number): void {
  run.warn(
    'budget-used',
    `the time budget was used up: load=${load.label} has ${load.pairs.length} of ${planned} pairs`,
    'give a larger --budget, or fewer loads or pairs',
  )
}

function refuseVoid(load: Load, pair: Pair): void {
  const wrong = Object.values(pair.trials).find((trial) => trial.void !== null)
  if (wrong)
    throw runError(
      'void',
      `void: arm=${wrong.arm} load=${load.label} pair=${pair.index + 1}: ${wrong.void}`,
    )
}

/** True where the second arm goes first. Balanced in blocks of two, the first of each block drawn at random. */
function balancedOrders(pairs: number, seed: number): boolean[] {
  const random = seededRandom(combineSeeds(seed, pairs))
  const orders: boolean[] = []
  while (orders.length < pairs) {
    const swapped = random.unit() < 0.5
    orders.push(swapped, !swapped)
  }
  return orders.slice(0, pairs)
}
