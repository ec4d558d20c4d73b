import { COMMON_OPTIONS, LARGEST_BATCH, wholeNumber } from '../../contract/common-options.ts'
import type { ParameterSpecs } from '../../contract/scenario.ts'

/** What can be set behind `--arms sharded:name=value`. */
export const SHARDED_OPTIONS = {
  ...COMMON_OPTIONS,
  batch: {
    ...wholeNumber(32, 0, LARGEST_BATCH, 'requests'),
    description:
      'most requests or messages that a reactor takes from one source per turn; it publishes once per turn; 0 for as many as its quota allows',
  },
  ringCapacity: {
    ...wholeNumber(128, 2, 65_536, 'messages'),
    description: 'messages in flight to one other shard, a power of two',
  },
  quotaMicros: {
    ...wholeNumber(500, 1, 1_000_000, 'µs'),
    description: 'task quota: a reactor returns to its rings and its port within it',
  },
  slices: {
    kind: 'choice',
    default: 'on',
    choices: ['on', 'off'],
    description: 'whether a burn longer than the quota is done in slices, where no key is held',
  },
  offload: {
    kind: 'choice',
    default: 'on',
    choices: ['on', 'off'],
    description: 'whether calls known to block are handed to threads of their own',
  },
  offloadThreads: {
    ...wholeNumber(32, 1, 128, 'threads'),
    description: 'threads for calls known to block; there are none where no stage makes any',
  },
} as const satisfies ParameterSpecs
