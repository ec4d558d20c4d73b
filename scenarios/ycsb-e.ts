import { defineScenario, eachAnswerRight, gatherLegs, readOrUpdate } from 'crossover'

/**
 * YCSB E, “short ranges”: 95 % scans of 1 to 100 records from a zipfian start, 5 % inserts. Records are spread by hash, so a
 * scan asks for each record by itself; the reply has version and checksum of each, not the values.
 */
export default defineScenario({
  name: 'ycsb-e',
  question:
    'Which architecture reads ranges whose records are spread over all shards with the lower tail?',
  claim: 'C06',
  theme: 'memory and caches',
  prediction: {
    winner: 'staged',
    about: 'both',
    because:
      'a scan of 50 records needs messages to every other shard and waits for the slowest, where a thread of the pool reads them one after the other',
  },
  params: {
    keys: {
      kind: 'number',
      default: 100_000,
      minimum: 1_000,
      maximum: 1_000_000,
      unit: 'keys',
      integer: true,
      description: 'records stored before the first request; YCSB’s own default is 1,000',
    },
    scanLength: {
      kind: 'number',
      default: 100,
      minimum: 1,
      maximum: 100,
      unit: 'records',
      integer: true,
      description: 'longest scan; lengths are uniform from 1',
    },
  },
  workload: ({ keys, scanLength }) => ({
    recordCount: keys,
    insertRoom: 200_000,
    // Ten fields of 100 bytes, and the head of a value.
    valueBytes: 1_008,
    operations: { read: 95, update: 0, insert: 5 },
    keys: { kind: 'scrambled-zipfian' },
    keysPerRequest: { minimum: 1, maximum: scanLength, spread: 'neighbours' },
    arrivals: { kind: 'poisson' },
  }),
  stages: () => [
    { name: 'decode', codec: 'decode', run: (request) => request.hashKey() },
    {
      name: 'scan',
      access: 'by-operation',
      run: readOrUpdate,
      runKey: readOrUpdate,
      combine: gatherLegs,
    },
    { name: 'encode', codec: 'encode' },
  ],
  verify: eachAnswerRight,
})
