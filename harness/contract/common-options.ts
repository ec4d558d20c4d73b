import type { ParameterSpec, ParameterSpecs } from './scenario.ts'

/** Most requests that a thread takes from anywhere at once: the upper end of either architecture's `batch`, and what its 0 is bounded by. */
export const LARGEST_BATCH = 1_000

/** An option that is a whole number from `minimum` to `maximum`; its description comes beside it. */
export function wholeNumber(
  byDefault: number,
  minimum: number,
  maximum: number,
  unit: string,
): Omit<Extract<ParameterSpec, { kind: 'number' }>, 'description'> {
  return { kind: 'number', default: byDefault, minimum, maximum, unit, integer: true }
}

/** Options that mean the same in both architectures; each architecture adds its own. */
export const COMMON_OPTIONS = {
  idle: {
    kind: 'choice',
    default: 'auto',
    choices: ['auto', 'poll', 'spin-park', 'park'],
    description:
      'what a thread does without work; auto: spin-park where every thread has a processor, else park',
  },
  spinMicros: {
    ...wholeNumber(200, 0, 100_000, 'µs'),
    description: 'how long spin-park spins before it parks',
  },
  moderationMicros: {
    ...wholeNumber(50, 0, 10_000, 'µs'),
    description:
      'least sleep of a port’s thread that took all that was due while more threads are awake than processors',
  },
  earlyMicros: {
    ...wholeNumber(0, 0, 1_000, 'µs'),
    description:
      'a sleeping port’s thread wakes so long before the next request is due: takes the timer’s lateness out; for validate',
  },
  routing: {
    kind: 'choice',
    default: 'random',
    choices: ['random', 'shard-aware'],
    description: 'whether clients send a request to any port or to the one of its key’s shard',
  },
  permits: {
    ...wholeNumber(2_048, 1, 16_384, 'requests'),
    description:
      'requests in flight per port; more wait in the port’s backlog; the window of the capacity probe',
  },
  attribution: {
    kind: 'choice',
    default: 'on',
    choices: ['on', 'off'],
    description: 'whether one request in 32 is stamped on its way, to tell where its time went',
  },
  stallMillis: {
    kind: 'number',
    default: 0,
    minimum: 0,
    maximum: 60_000,
    unit: 'ms',
    description:
      'a request that holds its thread so long in a stage that declares no waiting is counted with its stage, the time without a processor taken off; 0 looks at none and costs nothing, else two readings of the clock a request and stage',
  },
  deadlineMillis: {
    ...wholeNumber(0, 0, 60_000, 'ms'),
    description:
      'a request that is older when its port, a queue or a mailbox gives it out, and has come to no record, is refused; 0 for never',
  },
} as const satisfies ParameterSpecs
