import { COMMON_OPTIONS, LARGEST_BATCH } from '../../contract/common-options.ts'
import type { ParameterSpecs } from '../../contract/scenario.ts'

/** What can be set behind `--arms staged:name=value`. */
export const STAGED_OPTIONS = {
  ...COMMON_OPTIONS,
  layout: {
    kind: 'choice',
    default: 'classic',
    choices: ['classic', 'fused'],
    description: 'a pool and a queue per stage, or one pool whose threads hop between stages',
  },
  threads: {
    kind: 'number',
    default: 0,
    minimum: 0,
    maximum: 128,
    unit: 'threads',
    integer: true,
    description:
      'threads per stage (classic) or per stage of the shared pool (fused); 0 for one per processor',
  },
  blockingThreads: {
    kind: 'number',
    default: 32,
    minimum: 1,
    maximum: 128,
    unit: 'threads',
    integer: true,
    description: 'threads of each stage that waits for a device or makes calls known to block',
  },
  waits: {
    kind: 'choice',
    default: 'blocking',
    choices: ['blocking', 'async'],
    description:
      'what a declared wait takes: a thread of the stage, or a timer that queues the request again; reads and calls that block take a thread',
  },
  batch: {
    kind: 'number',
    default: 256,
    minimum: 0,
    maximum: LARGEST_BATCH,
    unit: 'requests',
    integer: true,
    description:
      'most requests that a thread takes from a queue at once; 0 for its share: the queue divided by the stage’s threads',
  },
  inline: {
    kind: 'choice',
    default: 'auto',
    choices: ['auto', 'on', 'off'],
    description: 'run the next stage on the same thread; auto: on in fused, off in classic',
  },
  locks: {
    kind: 'choice',
    default: 'optimistic',
    choices: ['striped', 'reader-writer', 'optimistic', 'single'],
    description:
      'locks of the shared table: many mutexes, many reader-writer locks, many mutexes that reads do without (they copy the record and check its version), or one mutex',
  },
  stripes: {
    kind: 'number',
    default: 1_024,
    minimum: 1,
    maximum: 65_536,
    unit: 'locks',
    integer: true,
    description: 'locks of the striped forms, a power of two',
  },
  queueCapacity: {
    kind: 'number',
    default: 0,
    minimum: 0,
    maximum: 1_048_576,
    unit: 'requests',
    integer: true,
    description: 'bound of each stage’s queue, a power of two; 0 for as many as can be in flight',
  },
  controllers: {
    kind: 'choice',
    default: 'off',
    choices: ['off', 'batch', 'threads', 'both'],
    description: 'adjust batch and threads per stage during the warm-up',
  },
  maximumThreads: {
    kind: 'number',
    default: 0,
    minimum: 0,
    maximum: 128,
    unit: 'threads',
    integer: true,
    description: 'most threads per stage that the controller may use; 0 for eight per processor',
  },
} as const satisfies ParameterSpecs
