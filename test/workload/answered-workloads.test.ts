import fc from 'fast-check'
import { expect, test } from 'vitest'
import { valueChecksum } from '../../harness/base/hash.ts'
import {
  INSERT_OPERATION,
  NO_RECORD,
  READ_MODIFY_WRITE_OPERATION,
} from '../../harness/contract/request.ts'
import type { Workload } from '../../harness/contract/workload.ts'
import { collectTotals, createTables } from '../../harness/server/records.ts'
import { workloadFault } from '../../harness/scenario/faults.ts'
import { PHASE_STEADY_STATE } from '../../harness/ports/replay/control.ts'
import { FRAME_STATUS } from '../../harness/ports/replay/frame-codec.ts'
import { WRONG_ANSWERS } from '../../harness/ports/replay/answer-check.ts'
import { HashTable } from '../../harness/shared-memory/hash-table.ts'
import { SLOT_KEY } from '../../harness/shared-memory/request-slab-layout.ts'
import { eachAnswerRight } from '../../harness/workload/handlers.ts'
import { keyBytesAt, keyIndexOf, KEY_WORDS } from '../../harness/workload/keys.ts'
import { operationOf } from '../../harness/workload/trace-layout.ts'
import { createBench, GAP_NS } from '../ports/replay/bench.ts'
import { TableServer } from './table-server.ts'

/** What a played workload is made from. */
interface Plan {
  readonly workload: Partial<Workload>
  readonly shards: number
  readonly portCount: number
  readonly gaps: number
  readonly seed: number
}

const weights = fc.nat(3)
const sizes = fc.constantFrom('fixed' as const, 'facebook-etc' as const)
const keys: fc.Arbitrary<Workload['keys']> = fc.constantFrom(
  { kind: 'uniform' },
  { kind: 'scrambled-zipfian' },
  { kind: 'zipf', theta: 1 },
  { kind: 'latest' },
  { kind: 'hot-key', share: 0.3 },
  { kind: 'hotspot', keyShare: 0.2, requestShare: 0.8 },
)
const keysPerRequest = fc
  .record({
    minimum: fc.integer({ min: 1, max: 4 }),
    more: fc.nat(5),
    spread: fc.constantFrom('neighbours' as const, 'scattered' as const),
  })
  .map(({ minimum, more, spread }) => ({ minimum, maximum: minimum + more, spread }))
const workloads = fc
  .record(
    {
      recordCount: fc.integer({ min: 1, max: 30 }),
      insertRoom: fc.integer({ min: 2, max: 20 }),
      valueBytes: fc.constantFrom(8, 12, 40, 100, 1_008, 8_192),
      operations: fc
        .record({ read: weights, update: weights, insert: weights, readModifyWrite: weights })
        .filter((mix) => Object.values(mix).some((weight) => weight > 0)),
      keys,
      valueSizes: sizes,
      keySizes: sizes,
      keysPerRequest,
    },
    {
      requiredKeys: ['recordCount', 'insertRoom', 'valueBytes', 'operations', 'keys'],
    },
  )
  .filter(
    (workload) => workloadFault({ ...workload, arrivals: { kind: 'constant' } }) === undefined,
  )
const plans: fc.Arbitrary<Plan> = fc.record({
  workload: workloads,
  shards: fc.integer({ min: 1, max: 3 }),
  portCount: fc.integer({ min: 1, max: 2 }),
  gaps: fc.integer({ min: 1, max: 200 }),
  seed: fc.nat(),
})

/** Plays a workload to its end and answers it from tables. @param tamper with a reply before its port gets it. */
function play(
  { workload, shards, portCount, gaps, seed }: Plan,
  tamper?: (bench: ReturnType<typeof createBench>, slot: number) => void,
) {
  const bench = createBench({
    workload,
    keys: workload.recordCount!,
    portCount,
    seed,
    cycle: 64,
    permits: 4,
  })
  const server = new TableServer(bench, shards)
  bench.startSteady(gaps)
  bench.clock.advance(gaps * GAP_NS)
  for (const port of bench.ports.keys()) {
    while (bench.total('finished', PHASE_STEADY_STATE, port) === 0) {
      const slots = bench.receive(4, port)
      server.serve(slots)
      if (tamper !== undefined) for (const slot of slots) tamper(bench, slot)
      bench.reply(slots, port)
    }
    bench.ports[port]!.publish()
  }
  const kinds = bench.ports.map((_, port) =>
    bench.total('firstWrongKind', PHASE_STEADY_STATE, port),
  )
  return {
    bench,
    server,
    wrong: WRONG_ANSWERS[kinds.find((kind) => kind !== 0) ?? 0],
    totals: () => collectTotals(bench.keySpace, server.memories, bench.answers()),
  }
}

test('every answer is right and every write is counted, whatever the workload', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const { wrong, totals } = play(plan)
      expect(wrong).toBe('right')
      const found = totals()
      expect(found.recordCount).toBe(plan.workload.recordCount! + plan.workload.insertRoom!)
      expect(eachAnswerRight(found)).toBeUndefined()
    }),
    { numRuns: 300 },
  )
})

const MANY: Plan = {
  workload: {
    recordCount: 20,
    insertRoom: 40,
    operations: { read: 1, update: 1, insert: 1, readModifyWrite: 1 },
  },
  shards: 2,
  portCount: 1,
  gaps: 128,
  seed: 1,
}
const LEGS: Plan = {
  ...MANY,
  workload: {
    ...MANY.workload,
    keysPerRequest: { minimum: 2, maximum: 5, spread: 'scattered' },
  },
}

test('an insert that was answered and not kept is found', () => {
  const { bench, server, totals } = play(MANY)
  const inserted = bench.trace.ports[0]!.requests.find(
    (request) => operationOf(request) === INSERT_OPERATION,
  )!
  expect(inserted).toBeDefined()
  const { keySpace } = bench
  for (let key = keySpace.recordCount; key < keySpace.count; key++) {
    for (const table of server.memories.map((memory) => new HashTable(memory))) {
      const at = key * keySpace.keyWords
      const hash = keySpace.hashes[key]!
      const record = table.findKey(hash, keySpace.words, at, keyBytesAt(keySpace, key))
      if (record === NO_RECORD) continue
      table.setHead(record, 0, valueChecksum(hash, 0))
      expect(eachAnswerRight(totals())).toMatch(
        new RegExp(`^lost or doubled update: key=${key} finalVersion=0`),
      )
      return
    }
  }
  expect.unreachable('nothing was inserted')
})

test('a record that never was inserted has version 0, and a lost one is told of', () => {
  const { keySpace, workload } = createBench(MANY)
  const empty = createTables(workload, { ...keySpace, recordCount: 0 }, 1, 1)
  const found = collectTotals(keySpace, empty, [])
  const { recordCount } = keySpace
  expect([found.finalVersion(recordCount), found.finalVersion(recordCount - 1)]).toEqual([0, -1])
  expect(found.finalChecksum(recordCount)).toBe(found.expectedChecksum(recordCount, 0))
  expect(eachAnswerRight(found)).toMatch(/^lost or doubled update: key=0 finalVersion=-1/)
})

test('a read-modify-write that replies with a torn value is found', () => {
  let tampered = false
  const { wrong } = play({ ...MANY, gaps: 64 * 20 }, ({ view }, slot) => {
    view.at(slot)
    const first = SLOT_KEY + KEY_WORDS
    if (tampered || view.operation !== READ_MODIFY_WRITE_OPERATION || view.get(first) === 0) return
    tampered = true
    view.set(first, view.get(first) + 1)
  })
  expect(tampered).toBe(true)
  expect(wrong).toBe('the reply’s payload is cut or torn')
})

const LEG_FAULT = 'what the reply says of one of the request’s keys is missing or does not fit'

test.each([0, 1])('word %i of a leg’s part of a reply is checked', (word) => {
  for (const leg of [0, 1]) {
    let tampered = false
    const { wrong } = play(LEGS, ({ view }, slot) => {
      view.at(slot)
      if (tampered) return
      tampered = true
      const at = SLOT_KEY + KEY_WORDS + 2 * leg + word
      view.set(at, view.get(at) + 1)
    })
    expect(wrong).toBe(LEG_FAULT)
  }
})

test('a leg’s version that its key never reaches is found', () => {
  let tampered = false
  const { bench, totals, wrong } = play(LEGS, ({ view, keySpace, trace }, slot) => {
    view.at(slot)
    if (tampered || trace.ports[0]!.legs[0]! < 2) return
    tampered = true
    // The first request’s first key, in a checksum that fits.
    const key = keyIndexOf(view.words, view.base + SLOT_KEY)
    view.set(SLOT_KEY + KEY_WORDS, 999)
    view.set(SLOT_KEY + KEY_WORDS + 1, valueChecksum(keySpace.hashes[key]!, 999))
  })
  expect(tampered).toBe(true)
  expect(bench.trace.ports[0]!.legs[0]).toBeGreaterThan(1)
  expect(wrong).toBe('right')
  expect(eachAnswerRight(totals())).toMatch(/^reply from nowhere: .*largestVersion=999/)
})

test('a record of the beginning must be found, and so must one that was just inserted', () => {
  for (const isInsert of [false, true]) {
    let tampered = false
    const { wrong } = play(MANY, ({ view }, slot) => {
      view.at(slot)
      if (tampered || (view.operation === INSERT_OPERATION) !== isInsert) return
      tampered = true
      view.set(FRAME_STATUS, 1)
    })
    expect(tampered).toBe(true)
    expect(wrong).toBe('the reply’s status is not ok')
  }
})
