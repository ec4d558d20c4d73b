import { afterEach, expect, test, vi } from 'vitest'
import type { HandlerStage, Stage } from '../../../harness/contract/stage.ts'
import * as burning from '../../../harness/measure/burn.ts'
import { GAP_NS } from '../../ports/replay/bench.ts'
import { COUNTER_STAGES } from '../counter-stages.ts'
import { createReactors, type ShardSettings } from './reactor-bench.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const DUE = 64
const DEADLINE_NS = 80 * GAP_NS
const OPTIONS = ':deadlineMillis=1:batch=64'

/** A server with a deadline of eighty gaps whose ports have all that is due in sixty-four; time has come to the end of those. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- inferred from the bench
function lateReactors(settings: Partial<ShardSettings> = {}) {
  const server = createReactors({
    options: OPTIONS,
    bench: { permits: 64, deadlineNs: DEADLINE_NS },
    ...settings,
  })
  const { bench } = server
  bench.startSteady(DUE)
  bench.clock.advance(DUE * GAP_NS)
  /** Of port 0. */
  const counts = () => {
    bench.ports[0]!.publish()
    const inFlight = bench.ports[0]!.inFlight()
    return { inFlight, refused: bench.total('refused'), completed: bench.completed() }
  }
  return { ...server, counts }
}

test('what is late when its shard takes it from the mailbox is refused by its port, and no record knows it', () => {
  const { bench, reactors, turn, counts, finish, verdict, total } = lateReactors()
  turn(0)
  const sent = reactors[0]!.counters.read().messages!
  const own = counts().completed
  expect([sent > 4, counts()]).toEqual([true, { inFlight: sent, refused: 0, completed: own }])
  // The older half.
  bench.clock.advance(DEADLINE_NS - (DUE / 2) * GAP_NS)
  turn(1)
  expect(counts()).toEqual({ inFlight: sent, refused: 0, completed: own })
  turn(0)
  const { inFlight, refused, completed } = counts()
  expect([inFlight, refused + completed]).toEqual([0, sent + own])
  expect(refused).toBeGreaterThan(0)
  expect(refused).toBeLessThan(sent)
  expect(finish()).toBe(true)
  expect(total('received') + total('refused')).toBe(
    bench.total('played') + bench.total('played', 3, 1),
  )
  expect(total('wrong')).toBe(0)
  expect(verdict()).toBeUndefined()
})

const [decode, route, apply, encode] = COUNTER_STAGES
const call = { wait: { micros: 1, blocking: true, offload: true } } as const

/** The counter’s stages with a call that blocks before the keyed one, or behind it. */
function withCall(calls: { made: number }, isBehind = false): Partial<ShardSettings> {
  const run: HandlerStage['run'] = () => void calls.made++
  const blocking: Stage = { name: 'call', ...call, run }
  const stages = isBehind
    ? [decode!, route!, apply!, blocking, encode!]
    : [decode!, route!, blocking, apply!, encode!]
  const context = { blockingWait: { wait: () => {}, sleep: () => {} } }
  return { stages: () => stages, context }
}

test('what is late when an off-load thread takes it is refused by its port, and the call is not made', () => {
  const calls = { made: 0 }
  const { bench, turn, serveOffLoaded, counts, total } = lateReactors(withCall(calls))
  turn(0)
  const { inFlight } = counts()
  expect(inFlight).toBeGreaterThan(4)
  bench.clock.advance(DEADLINE_NS)
  while (serveOffLoaded());
  expect([calls.made, counts().refused]).toEqual([0, 0])
  turn(0)
  expect(counts()).toEqual({ inFlight: 0, refused: inFlight, completed: 0 })
  expect(total('wrong')).toBe(0)
})

test('what an off-load thread returned in time and its reactor takes late is refused', () => {
  const calls = { made: 0 }
  const { bench, turn, serveOffLoaded, counts } = lateReactors(withCall(calls))
  turn(0)
  const { inFlight } = counts()
  while (serveOffLoaded());
  expect(calls.made).toBe(inFlight)
  bench.clock.advance(DEADLINE_NS)
  turn(0)
  expect(counts()).toEqual({ inFlight: 0, refused: inFlight, completed: 0 })
})

test('what an off-load thread has finished is answered, though no record knows it', () => {
  const answer: Stage = { name: 'answer', codec: 'encode', ...call, run: (r) => r.reply(0, 0, 0) }
  const { context } = withCall({ made: 0 })
  const { bench, turn, serveOffLoaded, counts } = lateReactors({
    stages: () => [decode!, answer],
    context: context!,
  })
  turn(0)
  const { inFlight } = counts()
  while (serveOffLoaded());
  bench.clock.advance(DEADLINE_NS)
  turn(0)
  expect([inFlight > 4, counts().inFlight, counts().refused]).toEqual([true, 0, 0])
})

test('what is late as its wait for a device ends is refused before any record knows it, also where the record is its own', () => {
  const device: Stage = { name: 'device', wait: { micros: 1 }, run: () => {} }
  const { bench, turn, counts, finish, verdict } = lateReactors({
    bench: { permits: 64, deadlineNs: DEADLINE_NS, routing: 'shard-aware' },
    stages: () => [decode!, route!, device, apply!, encode!],
  })
  turn(0)
  const { inFlight } = counts()
  expect(inFlight).toBeGreaterThan(4)
  bench.clock.advance(DEADLINE_NS)
  turn(0)
  expect(counts()).toEqual({ inFlight: 0, refused: inFlight, completed: 0 })
  expect(finish()).toBe(true)
  expect(verdict()).toBeUndefined()
})

test('what waits for its first slice, or has had its last one, until it is late is refused before any record knows it', () => {
  const slices: number[] = []
  vi.spyOn(burning, 'burnIterations').mockImplementation((count) => void slices.push(count))
  const busy: Stage = { name: 'busy', burn: { micros: 4 }, run: () => {} }
  const { bench, turn, counts } = lateReactors({
    options: `${OPTIONS}:quotaMicros=2`,
    bench: { permits: 64, deadlineNs: DEADLINE_NS, routing: 'shard-aware' },
    stages: () => [decode!, route!, busy, apply!, encode!],
  })
  turn(0)
  const { inFlight } = counts()
  expect([inFlight > 4, slices]).toEqual([true, [2]])
  bench.clock.advance(DEADLINE_NS)
  for (let slice = 0; slice < 2 * inFlight; slice++) turn(0)
  expect(counts()).toEqual({ inFlight: 0, refused: inFlight, completed: 0 })
  // What has begun is burnt to its end.
  expect(slices).toEqual([2, 2])
})

test('what a record knows is answered, however late it is', () => {
  const calls = { made: 0 }
  const { bench, turn, serveOffLoaded, counts, finish, verdict } = lateReactors(
    withCall(calls, true),
  )
  turn(0)
  turn(1)
  const { inFlight } = counts()
  bench.clock.advance(100 * DEADLINE_NS)
  while (serveOffLoaded());
  turn(0)
  while (serveOffLoaded());
  turn(0)
  expect(counts()).toEqual({ inFlight: 0, refused: 0, completed: inFlight })
  expect(finish()).toBe(true)
  expect(verdict()).toBeUndefined()
})
