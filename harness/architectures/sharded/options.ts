import { COMMON_OPTIONS, LARGEST_BATCH } from '../../contract/common-options.ts'
import type { ParameterSpecs } from '../../contract/scenario.ts'

/** What can be set behind `--arms sharded:name=value`. */
export const SHARDED_OPTIONS = {
  ...COMMON_OPTIONS,
  batch: {
    kind: 'number',
    default: 32,
    minimum: 0,
    maximum: LARGEST_BATCH,
    unit: 'requests',
    integer: true,
    description:
      'most requests or messages that a reactor takes from one source per turn; it publishes once per turn; 0 for as many as its quota allows',
  },
  ringCapacity: {
    kind: 'number',
    default: 128,
    minimum: 2,
    maximum: 65_536,
    unit: 'messages',
    integer: true,
    description: 'messages in flight to one other shard, a power of two',
  },
  quotaMicros: {
    kind: 'number',
    default: 500,
    minimum: 1,
    maximum: 1_000_000,
    unit: 'µs',
    integer: true,
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
    kind: 'number',
    default: 32,
    minimum: 1,
    maximum: 128,
    unit: 'threads',
    integer: true,
    description: 'threads for calls known to block; there are none where no stage makes any',
  },
} as const satisfies ParameterSpecs
