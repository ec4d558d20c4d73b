import { COMMON_OPTIONS, LARGEST_BATCH, wholeNumber } from '../../contract/common-options.ts'
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
    ...wholeNumber(0, 0, 128, 'threads'),
    description:
      'threads per stage (classic) or per stage of the shared pool (fused); 0 for one per processor',
  },
  blockingThreads: {
    ...wholeNumber(32, 1, 128, 'threads'),
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
    ...wholeNumber(256, 0, LARGEST_BATCH, 'requests'),
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
    ...wholeNumber(1_024, 1, 65_536, 'locks'),
    description: 'locks of the striped forms, a power of two',
  },
  queueCapacity: {
    ...wholeNumber(0, 0, 1_048_576, 'requests'),
    description: 'bound of each stage’s queue, a power of two; 0 for as many as can be in flight',
  },
  controllers: {
    kind: 'choice',
    default: 'off',
    choices: ['off', 'batch', 'threads', 'both'],
    description: 'adjust batch and threads per stage during the warm-up',
  },
  maximumThreads: {
    ...wholeNumber(0, 0, 128, 'threads'),
    description: 'most threads per stage that the controller may use; 0 for eight per processor',
  },
} as const satisfies ParameterSpecs
