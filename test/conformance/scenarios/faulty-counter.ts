import {
  defineScenario,
  eachAnswerRight,
  READ_OPERATION,
  STATUS_OK,
  valueChecksum,
} from '../../../harness/index.ts'

const FAILS_AT = 1_000
let requests = 0

/** Versions that are read and incremented, with a fault that a trial must find. */
export default defineScenario({
  name: 'faulty-counter',
  question: 'Does a trial notice what is wrong?',
  params: {
    fault: {
      kind: 'choice',
      default: 'none',
      choices: ['none', 'throws', 'rejects', 'waits', 'foreign-version', 'foreign-checksum'],
      description: 'what the apply stage does wrong',
    },
    keys: {
      kind: 'number',
      default: 1_000,
      minimum: 1,
      maximum: 1_000_000,
      unit: 'keys',
      integer: true,
      description: 'records stored before the first request',
    },
    updatePercent: {
      kind: 'number',
      default: 50,
      minimum: 0,
      maximum: 100,
      unit: '%',
      description: 'share of updates',
    },
  },
  workload: ({ keys, updatePercent }) => ({
    recordCount: keys,
    valueBytes: 8,
    operations: { read: 100 - updatePercent, update: updatePercent },
    keys: { kind: 'uniform' },
    arrivals: { kind: 'poisson' },
  }),
  stages: ({ fault }) => [
    { name: 'decode', codec: 'decode' },
    { name: 'route', run: (request) => request.hashKey() },
    {
      name: 'apply',
      access: 'by-operation',
      run(request, records) {
        if (++requests === FAILS_AT) {
          if (fault === 'throws') throw new Error('enough is enough')
          if (fault === 'rejects') void Promise.reject(new Error('enough is enough'))
          if (fault === 'waits') void Promise.resolve().then(() => {})
        }
        const record = records.find(request)
        const before = records.version(record)
        // Nothing here checks what it reads: the harness must.
        if (request.operation === READ_OPERATION) {
          const version = fault === 'foreign-version' ? before + 1_000_000 : before
          return request.reply(STATUS_OK, version, valueChecksum(request.hash, version))
        }
        const version = (before + 1) | 0
        records.setHead(record, version, valueChecksum(request.hash, version))
        const checksum = valueChecksum(request.hash, version)
        request.reply(STATUS_OK, version, fault === 'foreign-checksum' ? ~checksum : checksum)
      },
    },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
