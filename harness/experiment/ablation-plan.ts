import { combineSeeds, seededRandom } from '../base/random.ts'
import type { AblationPart, AblationRequest, RoundGroup } from './ablation-request.ts'
import { describeShare } from './parse-share.ts'
import type { Plan } from './plan.ts'
import { CAPACITY_SEED } from './trial-series.ts'

/** Steady state of a capacity trial. */
export const ABLATION_CAPACITY_SECONDS = 0.25
/** Spawning threads, warm-up and drain of one trial, as measured on two cores. */
const OVERHEAD_SECONDS = 1.35
const CAPACITY_OVERHEAD_SECONDS = 1.65
/** Trials of a pair of the ends. */
const ENDS = 2
/** Far enough apart that no two groups of rounds share a trace. */
const GROUP_DISTANCE = 1_000

/** The number of a round's trace. @param index from 0, less than 1,000 */
export function traceNumber(part: AblationPart, group: RoundGroup, index: number): number {
  const number = group === 'rounds' ? index : GROUP_DISTANCE + index
  return part === 'latency' ? number : CAPACITY_SEED - 1 - number
}

/**
 * In which order a round runs these arms: drawn at random for each block of two rounds, the second of which runs it
 * backwards. So a drift of the machine favours no arm.
 */
export function roundOrder(
  seed: number,
  part: AblationPart,
  group: RoundGroup,
  index: number,
  arms: readonly number[],
): number[] {
  const random = seededRandom(combineSeeds(seed, traceNumber(part, group, index & ~1), arms.length))
  const order = [...arms]
  for (let end = order.length - 1; end > 0; end--) {
    const other = Math.floor(random.unit() * (end + 1))
    ;[order[end], order[other]] = [order[other]!, order[end]!]
  }
  return index % 2 === 0 ? order : order.toReversed()
}

/** How long one trial takes, from spawning its threads to its end. */
export function trialSeconds({ durationSeconds }: AblationRequest, part: AblationPart): number {
  return part === 'capacity'
    ? ABLATION_CAPACITY_SECONDS + CAPACITY_OVERHEAD_SECONDS
    : durationSeconds + OVERHEAD_SECONDS
}

/** How long both parts take without a budget. */
export function partSeconds(request: AblationRequest): Readonly<Record<AblationPart, number>> {
  const trials = request.chain.arms.length + ENDS
  return {
    capacity: request.capacityRounds * trials * trialSeconds(request, 'capacity'),
    latency: request.rounds * trials * trialSeconds(request, 'latency'),
  }
}

/** What the ablation will do and about how long it will take. */
export function planAblation(request: AblationRequest): Plan {
  const { loaded, chain, load, rounds, capacityRounds, durationSeconds, level, cpus, seed } =
    request
  const { capacity, latency } = partSeconds(request)
  const seconds = Math.round(
    Math.min(capacity + latency, request.budgetSeconds ?? Number.POSITIVE_INFINITY),
  )
  const where = load.kind === 'percent' ? `${load.label} of the smallest capacity` : load.label
  const lines = [
    `${loaded.scenario.name}: ${chain.arms.length} arms, one mechanism at a time, on processors ${cpus.join(', ')}, seed ${seed}`,
    `from ${chain.arms[0]!.label}:`,
    ...chain.steps.map(({ name }, step) => `  ${step + 1} ${name}`),
    `capacity: ${counted(capacityRounds, 'round')} of all arms and a pair of the ends each, about ${Math.round(capacity)} s`,
    `latency at ${where}: ${counted(rounds, 'round')} of all arms and a pair of the ends each, ${durationSeconds} s a trial, intervals of ${describeShare(level)}, about ${Math.round(latency)} s`,
    'a trial that fails a gate is marked and counts; none is repeated',
    `about ${seconds} s in all`,
  ]
  return { lines, seconds }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
