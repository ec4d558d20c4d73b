import { expect, test } from 'vitest'
import type { Step } from '../../harness/contract/architecture.ts'
import {
  DRAWN,
  type Records,
  type Request,
  type Stage,
  STATUS_OK,
  UPDATE_OPERATION,
} from '../../harness/contract/scenario.ts'
import { compileSteps, frameCodec } from '../../harness/experiment/compile-steps.ts'
import {
  FRAME_CHECKSUM,
  FRAME_SERVICE,
  FRAME_STATUS,
  FRAME_VERSION,
} from '../../harness/ports/replay/frame-codec.ts'
import { SLOT_OPERATION } from '../../harness/shared-memory/request-slab-layout.ts'
import { caughtFailure } from './caught-failure.ts'
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

test('a stage burns before it runs', () => {
  const order: string[] = []
  // The iterations are read once, when the stage is compiled.
  const burn = {
    get micros() {
      order.push('burn')
      return 2
    },
  }
  const step = compileOne({ name: 'work', burn, run: () => order.push('run') })
  expect(order).toEqual(['burn'])
  step.run({} as never, NO_RECORDS)
  expect(order).toEqual(['burn', 'run'])
})

/** A bench with one request in hand that asks for so many nanoseconds, and a wait that is only noted. */
function benchAsking(serviceNs: number) {
  const bench = createBench({ updatePercent: 100 })
  bench.startSteady()
  const [slot] = bench.receive()
  bench.view.at(slot!)
  bench.view.set(FRAME_SERVICE, serviceNs)
  const waits: number[] = []
  const context = { ...CONTEXT, blockingWait: { wait: (ns: number) => waits.push(ns) } }
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
  view.set(FRAME_CHECKSUM, -1)
  let decoded = false
  const run = (request: Request) => {
    decoded = request.operation !== 0
    request.reply(STATUS_OK, 5, 6)
  }
  const [step] = compileSteps([{ name: 'work', run, ...(codec && { codec }) }], context)
  step!.run(view, NO_RECORDS)
  expect([decoded, view.get(FRAME_CHECKSUM) === 6]).toEqual(done)
})

test.each([
  ['wait', { wait: { micros: 1 } }],
  ['drawn wait', { wait: { micros: DRAWN } }],
  ['runKey', { runKey: () => {} }],
  ['combine', { combine: () => {} }],
] as const)('a stage with %s is refused rather than run without it', (_, extra) => {
  const stage: Stage = { name: 'later', run: () => {}, ...extra }
  expect(caughtFailure(() => compileOne(stage))).toMatchObject({
    kind: 'run',
    message: 'stage asks for what is not executed yet: stage=later',
  })
})
