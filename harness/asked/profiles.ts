import { requireName } from '../base/text.ts'

/** How much a run measures, where the user does not say otherwise. */
export interface Profile {
  readonly name: string
  /** Each gives a pair at every load: enough for an interval of 95 %, or 1 where there is to be no verdict. */
  readonly rounds: number
  readonly durationSeconds: number
  /** After this many seconds no trial is started, unless the user says how much to measure; null for no limit. */
  readonly budgetSeconds: number | null
  /** The same over real sockets, where a trial takes longer to start; @default the same */
  readonly httpBudgetSeconds?: number
  /** As behind `--loads`; null for one that any server should bear, by what the stages declare: no capacity is measured. */
  readonly loads: string | null
  /** Whether it asks for right answers alone: no warm-up to speak of, nothing played again. @default false */
  readonly answersOnly?: true
  /** Without the staged arm that runs its stages on one thread, unless arms are named. @default false */
  readonly hasTwoArms?: true
  readonly description: string
}

const THREE_LOADS = '20%,50%,80%'

/** The profiles, from the shortest to the longest. */
export const PROFILES: readonly Profile[] = [
  {
    name: 'smoke',
    rounds: 1,
    durationSeconds: 0.2,
    budgetSeconds: null,
    loads: null,
    answersOnly: true,
    hasTwoArms: true,
    description: 'whether all answers are right, at a low load',
  },
  {
    name: 'short',
    // Six reach 96.9 %: enough for one verdict a load, not for two at once.
    rounds: 6,
    hasTwoArms: true,
    durationSeconds: 0.25,
    budgetSeconds: null,
    loads: '20%,80%',
    description: 'a first verdict, wide intervals, two arms',
  },
  {
    name: 'default',
    // Six reach 96.9 % only: too little for two verdicts at once.
    rounds: 8,
    durationSeconds: 0.5,
    budgetSeconds: 170,
    httpBudgetSeconds: 180,
    loads: THREE_LOADS,
    description: 'a verdict',
  },
  {
    name: 'long',
    rounds: 16,
    durationSeconds: 1.5,
    budgetSeconds: null,
    loads: THREE_LOADS,
    description: 'a verdict with a narrow interval',
  },
]

/** The profile of this name. */
export function findProfile(name: string): Profile {
  const names = PROFILES.map((profile) => profile.name)
  const known = requireName(name, names, '--profile', 'profile')
  return PROFILES.find((profile) => profile.name === known)!
}
