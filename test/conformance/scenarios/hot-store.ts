import { defineScenario, eachAnswerRight, readOrUpdate } from '../../../harness/index.ts'

/**
 * Nine requests in ten want one key, and each stops whoever has the key for a millisecond without a processor: the hot shard is
 * full at 1,053 requests a second however busy the machine is, while the other has a twentieth of that.
 */
export default defineScenario({
  name: 'hot-store',
  question: 'Do requests wait that have nothing to do with a hot key?',
  params: {},
  workload: () => ({
    recordCount: 100,
    valueBytes: 24,
    operations: { read: 50, update: 50 },
    keys: { kind: 'hot-key', share: 0.9 },
    arrivals: { kind: 'poisson' },
  }),
  stages: () => [
    { name: 'decode', codec: 'decode', run: (request) => request.hashKey() },
    {
      name: 'apply',
      access: 'by-operation',
      wait: { micros: 1_000, blocking: true },
      run: readOrUpdate,
    },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
