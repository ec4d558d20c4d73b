import { COMMON_OPTIONS } from '../../contract/common-options.ts'
import type { ParameterSpecs } from '../../contract/scenario.ts'

/** What can be set behind `--arms sharded:name=value`. */
export const SHARDED_OPTIONS = {
  ...COMMON_OPTIONS,
  batch: {
    kind: 'number',
    default: 32,
    minimum: 1,
    maximum: 1_000,
    unit: 'requests',
    integer: true,
    description:
      'most requests or messages that a reactor takes from one source per turn; it publishes once per turn',
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
} as const satisfies ParameterSpecs
