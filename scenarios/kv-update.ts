import {
  defineScenario,
  eachAnswerRight,
  NO_RECORD,
  READ_OPERATION,
  STATUS_CORRUPT,
  STATUS_NOT_FOUND,
  STATUS_OK,
  valueChecksum,
} from 'crossover'

/** YCSB A's mix with F's kind of update: half reads, half read-modify-writes of the whole value, skewed keys. */
export default defineScenario({
  name: 'kv-update',
  question:
    'Which architecture serves small reads and updates of a skewed key-value store with the lower tail?',
  claim: 'C04',
  prediction: {
    winner: 'sharded',
    because:
      'a request costs less than the handoffs, locks and wake-ups that a staged server adds to it',
  },
  params: {
    keys: {
      kind: 'number',
      default: 100_000,
      minimum: 1,
      maximum: 4_000_000,
      unit: 'keys',
      integer: true,
      description: 'records stored before the first request',
    },
    valueBytes: {
      kind: 'number',
      default: 100,
      minimum: 8,
      maximum: 1_024,
      unit: 'bytes',
      integer: true,
      description: 'size of every value, a multiple of 4, version and checksum included',
    },
    updatePercent: {
      kind: 'number',
      default: 50,
      minimum: 0,
      maximum: 100,
      unit: '%',
      description: 'share of read-modify-writes; the rest are reads',
    },
    distribution: {
      kind: 'choice',
      default: 'scrambled-zipfian',
      choices: ['scrambled-zipfian', 'uniform'],
      description: 'how keys are chosen',
    },
  },
  workload: (params) => ({
    recordCount: params.keys,
    valueBytes: params.valueBytes,
    operations: { read: 100 - params.updatePercent, update: params.updatePercent },
    keys: { kind: params.distribution === 'uniform' ? 'uniform' : 'scrambled-zipfian' },
    arrivals: { kind: 'poisson' },
  }),
  stages: () => [
    { name: 'decode', codec: 'decode' },
    { name: 'route', run: (request) => request.hashKey() },
    {
      name: 'apply',
      access: 'by-operation',
      run(request, records) {
        const record = records.find(request)
        if (record === NO_RECORD) return request.reply(STATUS_NOT_FOUND, 0, 0)
        const version = records.version(record)
        const checksum = records.checksum(record)
        if (checksum !== valueChecksum(request.hash, version)) {
          return request.reply(STATUS_CORRUPT, version, checksum)
        }
        if (request.operation === READ_OPERATION) {
          records.copyValueTo(record, request)
          return request.reply(STATUS_OK, version, checksum)
        }
        records.replaceValue(record, request)
        const updated = (version + 1) | 0
        const updatedChecksum = valueChecksum(request.hash, updated)
        records.setHead(record, updated, updatedChecksum)
        request.reply(STATUS_OK, updated, updatedChecksum)
      },
    },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
