import { expect, test, vi } from 'vitest'
import * as burning from '../../harness/measure/burn.ts'
import type { Step } from '../../harness/contract/architecture.ts'
import { DRAWN, type Stage } from '../../harness/contract/stage.ts'
import {
  type Records,
  type Request,
  STATUS_OK,
  UPDATE_OPERATION,
} from '../../harness/contract/request.ts'
import { compileSteps, frameCodec } from '../../harness/server/compile-steps.ts'
import {
  FRAME_CHECKSUM,
  FRAME_SERVICE,
  FRAME_STATUS,
  FRAME_VERSION,
} from '../../harness/ports/replay/frame-codec.ts'
import { SLOT_OPERATION } from '../../harness/shared-memory/request-slab-layout.ts'
import { caughtFailure } from '../experiment/caught-failure.ts'
import { COUNTER_STAGES } from '../architectures/counter-stages.ts'
import { createBench, STEP_CONTEXT } from '../ports/replay/bench.ts'

const NO_RECORDS = {} as Records
const CONTEXT = { ...STEP_CONTEXT, burnIterationsPerMicro: 10 }

function compileOne(stage: Stage, burnIterationsPerMicro = 10): Step {
  return compileSteps([stage], { ...CONTEXT, burnIterationsPerMicro })[0]!
}

test('steps keep the names, order and access of the stages; codecs touch no record', () => {
  const steps = compileSteps(COUNTER_STAGES, CONTEXT)
  expect(steps.map(({ name, access }) => [name, access])).toEqual([
    ['decode', 'none'],
    ['route', 'none'],
    ['apply', 'by-operation'],
    ['encode', 'none'],
  ])
})

test('codec stages are the port’s own, within the limits of its frames', () => {
  const bench = createBench({ updatePercent: 100 })
  bench.startSteady()
  const [slot] = bench.receive()
  bench.view.at(slot!)
  compileOne({ name: 'decode', codec: 'decode' }).run(bench.view, NO_RECORDS)
  expect(bench.view.operation).not.toBe(0)
  const context = { ...CONTEXT, codec: frameCodec({ keyBytes: 1, payloadBytes: 0 }) }
  const [narrow] = compileSteps([{ name: 'decode', codec: 'decode' }], context)
  narrow!.run(bench.view, NO_RECORDS)
  expect(bench.view.operation).toBe(0)
})

test('a stage waits, reads, touches, makes objects, burns and runs, in this order', () => {
  const order: string[] = []
  const noted = (what: string) => (): void => void order.push(what)
  const work = {
    read: noted('read'),
    touch: noted('touch'),
    churn: noted('churn'),
    isCached: () => false,
  }
  const blockingWait = { wait: noted('wait'), sleep: noted('sleep') }
  const burn = vi.spyOn(burning, 'burnIterations').mockImplementation(noted('burn'))
  const stage: Stage = {
    name: 'work',
    wait: { micros: 1 },
    read: {},
    touch: { pages: 2 },
    churn: { objects: 3 },
    burn: { micros: 2 },
    run: noted('run'),
  }
  const [step] = compileSteps([stage], { ...CONTEXT, work, blockingWait })
  expect(order).toEqual([])
  step!.run({} as never, NO_RECORDS)
  expect(order).toEqual(['sleep', 'read', 'touch', 'churn', 'burn', 'run'])
  expect(burn).toHaveBeenCalledWith(20)
})

/** A bench with one request in hand that asks for so many nanoseconds, and a wait that is only noted. */
function benchAsking(serviceNs: number) {
  const bench = createBench({ updatePercent: 100 })
  bench.startSteady()
  const [slot] = bench.receive()
  bench.view.at(slot!)
  bench.view.set(FRAME_SERVICE, serviceNs)
  const waits: number[] = []
  const context = {
    ...CONTEXT,
    blockingWait: { wait: (ns: number) => waits.push(ns), sleep: () => {} },
  }
  return { view: bench.view, waits, context }
}

test.each([
  ['as long as it declares', 7, 7_000],
  ['as long as the request asks for', DRAWN, 123_456],
] as const)('a blocking wait takes %s', (_, micros, ns) => {
  const { view, waits, context } = benchAsking(123_456)
  const stage: Stage = { name: 'serve', wait: { micros, blocking: true }, run: () => {} }
  const [step] = compileSteps([stage], context)
  expect(waits).toEqual([])
  step!.run(view, NO_RECORDS)
  expect(waits).toEqual([ns])
})

test.each([
  [0, []],
  [1, [2]],
])('of drawn requests one that asks for %i ns touches %j pages', (serviceNs, pages) => {
  const { view, context } = benchAsking(serviceNs)
  const touched: number[] = []
  const nothing = () => {}
  const work = {
    touch: (count: number) => void touched.push(count),
    read: nothing,
    churn: nothing,
    isCached: () => false,
  }
  const stage: Stage = { name: 'touch', touch: { pages: 2, requests: DRAWN }, run: nothing }
  compileSteps([stage], { ...context, work })[0]!.run(view, NO_RECORDS)
  expect(touched).toEqual(pages)
})

test('a stage with codec both decodes, waits, runs and encodes, in this order', () => {
  const { view, waits, context } = benchAsking(123_456)
  const order: string[] = []
  const stage: Stage = {
    name: 'serve',
    codec: 'both',
    wait: { micros: DRAWN, blocking: true },
    run: (request) => {
      order.push(`decoded ${request.operation === UPDATE_OPERATION}, waited ${waits.length}`)
      request.reply(STATUS_OK, 5, 6)
    },
  }
  const [step] = compileSteps([stage], context)
  step!.run(view, NO_RECORDS)
  expect(order).toEqual(['decoded true, waited 1'])
  // The wait read the service time before the reply overwrote it.
  expect(waits).toEqual([123_456])
  expect([FRAME_STATUS, FRAME_VERSION, FRAME_CHECKSUM].map((word) => view.get(word))).toEqual([
    STATUS_OK,
    5,
    6,
  ])
})

test.each([
  ['decode', [true, false]],
  ['encode', [false, true]],
  ['both', [true, true]],
  [undefined, [false, false]],
] as const)('a stage with run and codec %s does just that beside its work', (codec, done) => {
  const { view, context } = benchAsking(0)
  view.set(SLOT_OPERATION, 0)
  let decoded = false
  const run = (request: Request) => {
    decoded = request.operation !== 0
    request.reply(STATUS_OK, 5, 6)
  }
  const [step] = compileSteps([{ name: 'work', run, ...(codec && { codec }) }], context)
  step!.run(view, NO_RECORDS)
  expect([decoded, view.get(FRAME_CHECKSUM) === 6]).toEqual(done)
})

test('a stage that asks for what its thread has not is refused rather than run without it', () => {
  const touching: Stage = { name: 'touching', touch: { pages: 1 }, run: () => {} }
  expect(caughtFailure(() => compileOne(touching)).message).toBe(
    'stage asks for work of a thread: stage=touching',
  )
  const split: Stage = {
    name: 'split',
    access: 'read',
    run: () => {},
    runKey: () => {},
    combine: () => {},
  }
  expect(caughtFailure(() => compileOne(split)).message).toBe(
    'stage has runKey, requests have one key: stage=split',
  )
})

test.each([
  [{ micros: 7, blocking: true }, 'wait', false],
  [{ micros: 7, blocking: true, offload: true }, 'sleep', true],
  [{ micros: 7 }, 'sleep', true],
] as const)('whoever executes a wait of %o as a whole does a %s', (wait, kind, sleeps) => {
  const waits: unknown[] = []
  const blockingWait = {
    wait: (ns: number) => waits.push(['wait', ns]),
    sleep: (ns: number) => waits.push(['sleep', ns]),
  }
  const [step] = compileSteps([{ name: 'device', wait, run: () => {} }], {
    ...CONTEXT,
    blockingWait,
  })
  step!.run({} as never, NO_RECORDS)
  expect(waits).toEqual([[kind, 7_000]])
  expect(step!.sleeps).toBe(sleeps)
})

/** Runs a stage’s pieces one after the other on one request, and tells what happened in each. */
function runPieces(changes: Partial<Extract<Stage, { run: unknown }>>) {
  const { view, context } = benchAsking(123_456)
  const order: string[] = []
  const blockingWait = { wait: () => order.push('wait'), sleep: () => order.push('sleep') }
  const codec = {
    decode: () => order.push('decode'),
    encode: () => order.push('encode'),
    serviceNs: () => 123_456,
  }
  const stage: Stage = { name: 'serve', codec: 'both', run: () => order.push('run'), ...changes }
  const [step] = compileSteps([stage], { ...context, blockingWait, codec })
  const { pieces } = step!
  const slots = Int32Array.of(0)
  const happened = (loop: Step['runBatch'] | null) => {
    loop?.(view, slots, 0, 1, NO_RECORDS)
    return order.splice(0).join(' ')
  }
  return { view, pieces: pieces!, happened }
}

test('a wait for a device is none of the pieces, and told apart', () => {
  const { view, pieces, happened } = runPieces({ wait: { micros: DRAWN }, burn: { micros: 3 } })
  const { before, rest, prepare, finish } = pieces
  expect([before, rest, prepare, finish].map(happened)).toEqual([
    'decode',
    'run encode',
    '',
    'run encode',
  ])
  expect(pieces.waitNs!(view)).toBe(123_456)
  expect(pieces.isOffloaded).toBeNull()
  expect([pieces.longestBurnNs, pieces.burnIterations(view)]).toEqual([3_000, 30])
})

test('a call known to block is in the pieces behind the wait', () => {
  const { view, pieces, happened } = runPieces({
    wait: { micros: 5, blocking: true, offload: true },
  })
  const { before, rest, prepare, finish } = pieces
  expect([before, rest, prepare, finish].map(happened)).toEqual([
    'decode',
    'sleep run encode',
    'sleep',
    'run encode',
  ])
  expect(pieces.waitNs).toBeNull()
  expect(pieces.isOffloaded!(view)).toBe(true)
  expect(pieces.longestBurnNs).toBe(0)
})

test('a drawn call that takes no time is not off-loaded, a read is unless its block is cached', () => {
  const offloads = (changes: object, isCached = false, ns = 0) => {
    const context = { ...CONTEXT, codec: { ...CONTEXT.codec, serviceNs: () => ns } }
    const work = { read: () => {}, touch: () => {}, churn: () => {}, isCached: () => isCached }
    const [step] = compileSteps([{ name: 'call', run: () => {}, ...changes }], { ...context, work })
    return step!.pieces?.isOffloaded?.({} as never)
  }
  const wait = { micros: DRAWN, blocking: true, offload: true }
  expect(offloads({ wait })).toBe(false)
  expect(offloads({ wait, read: {} })).toBe(true)
  expect(offloads({ wait, read: {} }, true)).toBe(false)
  expect(offloads({ wait, read: {} }, true, 1)).toBe(true)
  expect(offloads({ read: {} }, true)).toBe(false)
  expect(offloads({ read: { offload: false } })).toBeUndefined()
})

test('a drawn burn may be as long as it likes', () => {
  const { pieces, view } = runPieces({ burn: { micros: DRAWN } })
  expect(pieces.longestBurnNs).toBe(Number.POSITIVE_INFINITY)
  expect(pieces.burnIterations(view)).toBe(Math.round(123.456 * 10))
})

test('plain stages, codecs and keyed ones have no pieces', () => {
  const steps = compileSteps(
    [
      ...COUNTER_STAGES,
      { name: 'keyed', access: 'read', burn: { micros: 9 }, run: () => {} },
      { name: 'blocking', wait: { micros: 9, blocking: true }, run: () => {} },
    ],
    CONTEXT,
  )
  expect(steps.every(({ pieces, legs }) => pieces === null && legs === null)).toBe(true)
})

const TOUCHES: readonly (readonly [string, (records: Records, request: Request) => unknown])[] = [
  ['find', (records, request) => records.find(request)],
  ['version', (records) => records.version(1)],
  ['checksum', (records) => records.checksum(1)],
  ['copyValueTo', (records, request) => records.copyValueTo(1, request)],
  ['readValue', (records) => records.readValue(1, new Int32Array(1))],
]
const WRITES: typeof TOUCHES = [
  ['insert', (records, request) => records.insert(request)],
  ['replaceValue', (records, request) => records.replaceValue(1, request)],
  ['exchangeValue', (records, request) => records.exchangeValue(1, request)],
  ['setHead', (records) => records.setHead(1, 2, 3)],
]

test.each([...TOUCHES, ...WRITES])('a stage without access that calls %s is named', (_, touch) => {
  const step = compileOne({ name: 'peek', run: (request, records) => void touch(records, request) })
  const failure = caughtFailure(() => step.run({} as never, NO_RECORDS))
  expect(failure).toMatchObject({ kind: 'run', code: 'undeclared-access' })
  expect(failure.message).toBe(
    'a stage touches a record, which it does not declare: stage=peek access=none',
  )
})

test.each(WRITES)('a stage that reads and calls %s is named', (_, write) => {
  const step = compileOne({
    name: 'peek',
    access: 'read',
    run: (request, records) => void write(records, request),
  })
  const failure = caughtFailure(() => step.run({} as never, NO_RECORDS))
  expect(failure.code).toBe('undeclared-access')
  expect(failure.message).toMatch(
    /^a stage (?:writes|inserts) a record, which it does not declare: stage=peek access=read$/,
  )
})

test.each(TOUCHES)('a stage that reads may call %s', (name, touch) => {
  const asked = vi.fn<() => number>(() => 7)
  const records = { [name]: asked } as unknown as Records
  const step = compileOne({
    name: 'peek',
    access: 'read',
    run: (request, own) => void touch(own, request),
  })
  step.run({} as never, records)
  expect(asked).toHaveBeenCalledOnce()
})

test('a combine that throws is named', () => {
  const bench = createBench({
    workload: { keysPerRequest: { minimum: 1, maximum: 2, spread: 'scattered' } },
  })
  const legs = { slab: bench.slab, spread: 'scattered', recordCount: 16 } as const
  const stage: Stage = {
    name: 'gather',
    access: 'read',
    run: () => {},
    runKey: () => {},
    combine: () => {
      throw new RangeError('no legs')
    },
  }
  const [step] = compileSteps([stage], { ...CONTEXT, legs })
  bench.view.at(0)
  expect(caughtFailure(() => step!.legs!.combine(bench.view))).toMatchObject({
    code: 'stage-failed',
    message: 'a stage threw: stage=gather: no legs',
  })
})
