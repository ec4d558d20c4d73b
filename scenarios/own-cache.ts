import { acknowledge, defineScenario, eachAnswerRight, ratioOf } from 'crossover'

/**
 * The same blocks, cached by the server itself or by the kernel, with the same room and the same replacement. Compare by
 * running both: `--param cache=own`, `--param cache=page`; misses read past the page cache, or through it. A reactor sees what
 * hits in a cache of one's own and reads it by itself; what the kernel has it cannot know, so every read there is handed over. The
 * cache is one for all threads, in both architectures: each look takes the lock of a part of it, a reactor's hit two.
 */
export default defineScenario({
  name: 'own-cache',
  question: 'Is a cache of one’s own more predictable than the kernel’s page cache?',
  claim: 'C12',
  theme: 'memory and caches',
  prediction: {
    winner: 'none',
    about: 'both',
    because:
      'a hit in one’s own cache is a copy, one in the page cache a system call, in either architecture, and a read that may block stops a thread of some pool in both: what differs is the ratio of p99.9 to p50 between the caches, not between the architectures',
  },
  params: {
    cache: {
      kind: 'choice',
      default: 'own',
      choices: ['own', 'page'],
      description: 'whose cache it is',
    },
    workingSet: {
      kind: 'number',
      default: 2,
      minimum: 0.5,
      maximum: 4,
      unit: '× cache',
      description: 'blocks that are asked for, in caches of 4,096 blocks of 4 KiB',
    },
  },
  defaults: { loads: '1000/s,50%' },
  sweeps: ['workingSet=0.5..4'],
  criteria: [
    {
      id: 'C12',
      claim: 'A cache that the application owns is more predictable than the page cache.',
      rounds: 12,
      durationTimes: 2,
      cells: {
        'sharded page': {
          arm: 'sharded',
          params: { cache: 'page' },
          load: '50%',
          loadOf: 'staged own',
        },
        'sharded own': {
          arm: 'sharded',
          params: { cache: 'own' },
          load: '50%',
          loadOf: 'staged own',
        },
        'staged page': {
          arm: 'staged',
          params: { cache: 'page' },
          load: '50%',
          loadOf: 'staged own',
        },
        'staged own': {
          arm: 'staged',
          params: { cache: 'own' },
          load: '50%',
          loadOf: 'staged own',
        },
      },
      figures: [
        {
          name: 'p99.9 − p50 of sharded, page cache ÷ own',
          unit: '×',
          of: ratioOf('spread', 'sharded page', 'sharded own'),
          confirmed: { above: 1.25 },
          refuted: { below: 1.1 },
        },
        {
          name: 'the same, staged',
          unit: '×',
          of: ratioOf('spread', 'staged page', 'staged own'),
        },
      ],
    },
  ],
  workload: ({ cache, workingSet }) => ({
    // Keys are hashed to blocks: sixteen of them per block on average leave none out.
    recordCount: 16 * Math.round(workingSet * 4_096),
    valueBytes: 8,
    operations: { read: 1, update: 0 },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
    file: {
      blocks: Math.round(workingSet * 4_096),
      blockBytes: 4_096,
      cachedBlocks: 4_096,
      cache: cache === 'own' ? 'own' : 'page',
    },
  }),
  stages: () => [
    { name: 'decode', codec: 'decode', run: (request) => request.hashKey() },
    { name: 'fetch', read: {}, run: acknowledge },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
