import { expect, test } from 'vitest'
import type { Workload } from '../../harness/contract/workload.ts'
import { firstFault } from '../../harness/scenario/fields.ts'
import { workloadFault } from '../../harness/scenario/faults.ts'
import { workloadSchema } from '../../harness/scenario/workload-schema.ts'

const WORKLOAD: Workload = {
  recordCount: 10,
  valueBytes: 16,
  operations: { read: 1, update: 1 },
  keys: { kind: 'uniform' },
  arrivals: { kind: 'poisson' },
}
const READS = { read: 1, update: 0 }
const INSERTS = { read: 1, update: 0, insert: 1 }
const DOCUMENT = { path: '/hello', contentType: 'text/plain', text: 'Hello' }
const HOT = { by: 'hot-key', names: ['hot', 'same-shard', 'other-shards'] } as const
const FIXED = { kind: 'fixed', meanMicros: 5 } as const
const MANY = { minimum: 1, maximum: 8, spread: 'scattered' } as const

test.each<[Partial<Workload>, string]>([
  [{ operations: INSERTS }, 'insertRoom must be at least 2 where operations insert: 0'],
  [
    { operations: INSERTS, insertRoom: 1 },
    'insertRoom must be at least 2 where operations insert: 1',
  ],
  [{ keys: { kind: 'latest' } }, 'insertRoom must be at least 2 with keys latest: 0'],
  [{ document: DOCUMENT }, 'operations.update must be 0 with a document: 1'],
  [
    { document: DOCUMENT, operations: { ...READS, insert: 2 }, insertRoom: 2 },
    'operations.insert must be 0 with a document: 2',
  ],
  [
    { document: DOCUMENT, operations: { ...READS, readModifyWrite: 3 } },
    'operations.readModifyWrite must be 0 with a document: 3',
  ],
  [
    { document: DOCUMENT, operations: READS, valueSizes: 'facebook-etc' },
    'valueSizes must be fixed with a document: facebook-etc',
  ],
  [
    { document: DOCUMENT, operations: READS, keysPerRequest: MANY },
    'keysPerRequest must be left out with a document',
  ],
  [
    { document: { ...DOCUMENT, text: 'Hello, you' }, operations: READS },
    'document.text must have at most 8 bytes, valueBytes − 8: 10',
  ],
  [
    { keysPerRequest: MANY, keySizes: 'facebook-etc' },
    'keySizes must be fixed with keysPerRequest: facebook-etc',
  ],
  [
    { keysPerRequest: MANY, keys: { kind: 'latest' }, insertRoom: 2 },
    'keys must be other than latest where requests over many keys update: a key of theirs may not be there yet',
  ],
  [
    { classes: { by: 'client', names: ['heavy', 'light'] } },
    'classes by client need heavyClients in the workload',
  ],
  [{ classes: { by: 'operation', names: ['one', 'one'] } }, 'classes.names must differ: one, one'],
  [
    { classes: HOT, keys: { kind: 'scrambled-zipfian' } },
    'classes by hot-key need keys hot-key, zipf or uniform: scrambled-zipfian',
  ],
  [
    { classes: { by: 'service-time', upToMicros: [1], names: ['short', 'long'] } },
    'classes by service-time need serviceTimes in the workload',
  ],
  [
    { serviceTimes: FIXED, classes: { by: 'service-time', upToMicros: [1], names: ['short'] } },
    'classes.names must be one more than upToMicros: 1 for 1',
  ],
  [
    {
      serviceTimes: FIXED,
      classes: { by: 'service-time', upToMicros: [2, 1], names: ['a', 'b', 'c'] },
    },
    'classes.upToMicros must ascend: 2, 1',
  ],
])('a workload with %j is refused', (changes, fault) => {
  expect(firstFault(workloadSchema, { ...WORKLOAD, ...changes })).toBeUndefined()
  expect(workloadFault({ ...WORKLOAD, ...changes })).toBe(fault)
})

test.each<Partial<Workload>>([
  {},
  { operations: INSERTS, insertRoom: 2 },
  { keys: { kind: 'latest' }, insertRoom: 2 },
  { keys: { kind: 'latest' }, insertRoom: 2, operations: INSERTS, keysPerRequest: MANY },
  { keysPerRequest: MANY, keySizes: 'fixed', valueSizes: 'fixed' },
  { keySizes: 'facebook-etc', valueSizes: 'facebook-etc' },
  { document: DOCUMENT, operations: READS },
  { classes: HOT },
  { classes: HOT, keys: { kind: 'zipf', theta: 1 } },
  {
    serviceTimes: FIXED,
    classes: { by: 'service-time', upToMicros: [0, 9], names: ['none', 'short', 'long'] },
  },
])('a workload with %j is right', (changes) => {
  expect(firstFault(workloadSchema, { ...WORKLOAD, ...changes })).toBeUndefined()
  expect(workloadFault({ ...WORKLOAD, ...changes })).toBeUndefined()
})

test.each<[object, string]>([
  [{ recordCount: 2 ** 26 + 1 }, 'recordCount must be at most 67108864: 67108865'],
  [{ insertRoom: -1 }, 'insertRoom must not be negative: -1'],
  [{ valueBytes: 8_196 }, 'valueBytes must be at most 8192: 8196'],
  [{ valueBytes: 18 }, 'valueBytes must be a multiple of 4: 18'],
  [{ valueSizes: 'gamma' }, 'valueSizes must be fixed or facebook-etc: gamma'],
  [{ operations: { read: 0, update: 0 } }, 'operations must have a weight above zero'],
  [{ keys: { kind: 'hot-key', share: 1.5 } }, 'keys.share must be at most 1: 1.5'],
  [{ keys: { kind: 'hotspot', keyShare: 0, requestShare: 1 } }, 'keys.keyShare must be above 0: 0'],
  [{ keys: { kind: 'hotspot', keyShare: 1, requestShare: 1 } }, 'keys.keyShare must be below 1: 1'],
  [
    { keysPerRequest: { ...MANY, minimum: 9 } },
    'keysPerRequest must have a minimum up to the maximum',
  ],
  [
    { keysPerRequest: { ...MANY, spread: 'far' } },
    'keysPerRequest.spread must be neighbours or scattered: far',
  ],
  [
    { arrivals: { kind: 'bursts', onShare: 0, requests: 9 } },
    'arrivals.onShare must be at least 0.001: 0',
  ],
  [
    { arrivals: { kind: 'generalized-pareto', shape: 0.6 } },
    'arrivals.shape must be at most 0.5: 0.6',
  ],
  [
    { heavyClients: { clients: 0, heavyShare: 1, requestShare: 1 } },
    'heavyClients.clients must be at least 1: 0',
  ],
  [
    { classes: { by: 'colour', names: ['red'] } },
    'classes.by must be hot-key, client, service-time or operation: colour',
  ],
  [{ classes: { by: 'hot-key', names: ['hot', 'cold'] } }, 'classes.names must be three names'],
  [
    { classes: { by: 'operation', names: ['Reads', 'writes'] } },
    'classes.names.0 must be lower-case words joined by -: Reads',
  ],
  [
    { classes: { by: 'service-time', upToMicros: [], names: ['all'] } },
    'classes.upToMicros must have a limit',
  ],
])('a workload with %j is none', (changes, fault) => {
  expect(firstFault(workloadSchema, { ...WORKLOAD, ...changes })).toBe(fault)
})
