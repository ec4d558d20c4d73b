import { counted, formatPercent } from '../../words/format.ts'
import type { LoadRequest } from '../../asked/requests.ts'
import type { Arm } from '../../contract/architecture.ts'
import type { Ablation, ChainTrial } from '../../results/ablate.ts'
import type { Expectations, Hooks, Plan } from '../rounds/pacing.ts'
import type { AskedMeasurement } from '../rounds/begun.ts'
import { lengthOf, planLines } from '../rounds/plan-lines.ts'
import type { SetMoment } from '../rounds/set-rounds.ts'
import { replayedExpectations } from '../rounds/round-times.ts'
import type { Chain } from './chain.ts'

/** Everything that decides what an ablation does. */
export interface AblationRequest extends AskedMeasurement {
  readonly chain: Chain
  /** Where latencies are compared: the same absolute load for all arms; a percentage is of the smallest capacity. */
  readonly load: Exclude<LoadRequest, { kind: 'max' }>
  /** Rounds at the load, and as many pairs of the ends. */
  readonly rounds: number
  /** Rounds with a closed window, too, and as many pairs of the ends. */
  readonly capacityRounds: number
}

/** All arms of the chain, or its first and last alone. */
export type RoundGroup = 'rounds' | 'ends'

/** Which round a trial belongs to. */
export interface RoundPlace {
  /** Throughput with a closed window, or latencies at the load. */
  readonly part: 'capacity' | 'latency'
  readonly group: RoundGroup
  /** From 1. */
  readonly round: number
  readonly of: number
}

/** What an ablation tells while it goes on. */
export interface AblationEvent extends Omit<RoundPlace, 'part'> {
  /** Null of what is done before trials. */
  readonly part: RoundPlace['part'] | null
  /** Its place in the chain, from 0; null when it concerns all. */
  readonly arm: number | null
  /** That has ended; null when something begins. */
  readonly trial: ChainTrial | null
  readonly doing: SetMoment<never, never>['doing']
}

export type AblationHooks = Hooks<AblationEvent, Ablation>

/** How long servers take to start and to be made warm, each. */
const DEPLOY_SECONDS = 0.4
const WARM_UP_SECONDS = 1
/** Arms of which it is searched what they sustain, about: those that may be the smallest. */
export const SEARCHES = 2
/** Trials of a pair of the ends. */
const ENDS = 2

/** The arms that are deployed: a chain may come back to one. */
export function distinctArms({ chain }: Pick<AblationRequest, 'chain'>): readonly Arm[] {
  return [...new Map(chain.arms.map((arm) => [arm.label, arm])).values()]
}

/** How long it takes without a budget. */
function wholeSeconds(request: AblationRequest, expected: Expectations): number {
  const { rounds, capacityRounds, load, chain } = request
  const arms = distinctArms(request).length
  const warmUp = request.answersOnly === true ? 0 : arms * expected['warm-up']
  const sets = (rounds + Math.min(rounds, capacityRounds)) * (1 + ENDS / chain.arms.length)
  const searches = load.kind === 'percent' ? Math.min(arms, SEARCHES) : 0
  return rounds * (expected.deploy + warmUp) + sets * expected.set + searches * expected.search
}

/** What the ablation will do and about how long it will take. */
export function planAblation(request: AblationRequest): Plan {
  const { loaded, chain, load, rounds, capacityRounds, durationSeconds, level, cpus, seed } =
    request
  const deploy = DEPLOY_SECONDS * distinctArms(request).length
  const of = { deploy, 'warm-up': WARM_UP_SECONDS }
  const expectations = replayedExpectations({ arms: chain.arms, durationSeconds }, of)
  const whole = wholeSeconds(request, expectations)
  const { seconds, text } = lengthOf({
    wholeSeconds: whole,
    budgetSeconds: request.budgetSeconds,
    setSeconds: request.answersOnly === true ? 0 : expectations.set,
  })
  const where = load.kind === 'percent' ? `${load.label} of the smallest capacity` : load.label
  const steps = chain.steps.map(({ name }, step) => `${step + 1} ${name}`).join(', ')
  const lines = planLines({
    compares: `${loaded.scenario.name}: ${chain.arms.length} arms, one mechanism at a time from ${chain.arms[0]!.label}: ${steps}`,
    measures: [
      ...(load.kind === 'percent' ? ['first what the smallest arms sustain'] : []),
      `latency at ${where}: ${counted(rounds, 'round')} of fresh servers, each with all arms and a pair of the ends, ${durationSeconds} s a trial, intervals of ${formatPercent(level)}`,
      `throughput: the same with a closed window in the first ${counted(capacityRounds, 'round')}`,
    ],
    on: [`processors ${cpus.join(', ')}; seed ${seed}`],
    takes: [text],
  })
  return { lines, seconds, expectations }
}
