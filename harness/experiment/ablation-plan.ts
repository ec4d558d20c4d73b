import type { Arm } from '../contract/architecture.ts'
import type { AblationRequest } from './ablation-request.ts'
import { describeShare } from './parse-share.ts'
import type { Plan } from './plan.ts'
import type { Expectations } from './rounds/experiment.ts'
import { trialSeconds } from './rounds/round-times.ts'

/** Steady state of a capacity trial. */
export const ABLATION_CAPACITY_SECONDS = 0.25
/** What the parts take, as measured on two cores; the loop corrects itself by what they really take. */
const DEPLOY_SECONDS_PER_ARM = 0.4
const WARM_UP_SECONDS = 1
const SEARCH_SECONDS = 3.5
/** Of a trial besides its phases: loading of a trace, check of the answers. */
const TRIAL_SECONDS = 0.15
/** Arms of which it is searched what they sustain, about: those that may be the smallest. */
export const SEARCHES = 2
/** Trials of a pair of the ends. */
const ENDS = 2

/** The arms that are deployed: a chain may come back to one. */
export function distinctArms({ chain }: Pick<AblationRequest, 'chain'>): readonly Arm[] {
  return [...new Map(chain.arms.map((arm) => [arm.label, arm])).values()]
}

/** How long each kind of step takes where none has been made yet. */
export function ablationExpectations(request: AblationRequest): Expectations {
  const { chain, durationSeconds } = request
  const { settleSeconds, steadySeconds } = trialSeconds({
    arms: chain.arms,
    transport: { kind: 'replay' },
    durationSeconds,
  })
  return {
    deploy: DEPLOY_SECONDS_PER_ARM * distinctArms(request).length,
    'warm-up': WARM_UP_SECONDS,
    search: SEARCH_SECONDS,
    // Each search is a whole one.
    capacity: SEARCH_SECONDS,
    set: chain.arms.length * (settleSeconds + steadySeconds + TRIAL_SECONDS),
    aside: 0,
  }
}

/** How long it takes without a budget. */
function wholeSeconds(request: AblationRequest): number {
  const { rounds, capacityRounds, load, chain } = request
  const expected = ablationExpectations(request)
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
  const { budgetSeconds } = request
  const whole = wholeSeconds(request)
  const seconds = Math.round(Math.min(whole, budgetSeconds ?? Number.POSITIVE_INFINITY))
  const where = load.kind === 'percent' ? `${load.label} of the smallest capacity` : load.label
  const lines = [
    `${loaded.scenario.name}: ${chain.arms.length} arms, one mechanism at a time, on processors ${cpus.join(', ')}, seed ${seed}`,
    `from ${chain.arms[0]!.label}:`,
    ...chain.steps.map(({ name }, step) => `  ${step + 1} ${name}`),
    ...(load.kind === 'percent' ? ['first what the smallest arms sustain'] : []),
    `latency at ${where}: ${counted(rounds, 'round')} of fresh servers, each with all arms and a pair of the ends, ${durationSeconds} s a trial, intervals of ${describeShare(level)}`,
    `throughput: the same with a closed window in the first ${counted(capacityRounds, 'round')}`,
    ...(budgetSeconds !== null && whole > budgetSeconds
      ? [
          `the plan would take about ${Math.round(whole)} s: what the budget of ${budgetSeconds} s does not hold is left out`,
        ]
      : []),
    `about ${seconds} s in all`,
  ]
  return { lines, seconds }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
