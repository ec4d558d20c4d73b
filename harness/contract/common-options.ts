import type { ParameterSpecs } from './scenario.ts'

/** Most requests that a thread takes from anywhere at once: the upper end of either architecture's `batch`, and what its 0 is bounded by. */
export const LARGEST_BATCH = 1_000

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
    kind: 'number',
    default: 200,
    minimum: 0,
    maximum: 100_000,
    unit: 'µs',
    integer: true,
    description: 'how long spin-park spins before it parks',
  },
  moderationMicros: {
    kind: 'number',
    default: 50,
    minimum: 0,
    maximum: 10_000,
    unit: 'µs',
    integer: true,
    description:
      'least sleep of a port’s thread that took all that was due while more threads are awake than processors',
  },
  earlyMicros: {
    kind: 'number',
    default: 0,
    minimum: 0,
    maximum: 1_000,
    unit: 'µs',
    integer: true,
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
    kind: 'number',
    default: 2_048,
    minimum: 1,
    maximum: 16_384,
    unit: 'requests',
    integer: true,
    description:
      'requests in flight per port; more wait in the port’s backlog; the window of the capacity probe',
  },
  attribution: {
    kind: 'choice',
    default: 'on',
    choices: ['on', 'off'],
    description: 'whether one request in 32 is stamped on its way, to tell where its time went',
  },
  deadlineMillis: {
    kind: 'number',
    default: 0,
    minimum: 0,
    maximum: 60_000,
    unit: 'ms',
    integer: true,
    description:
      'a request that is older when a permit, room in the first queue, its turn in a stage’s queue (up to the first keyed stage) or a hot shard comes is refused; 0 for never',
  },
} as const satisfies ParameterSpecs
