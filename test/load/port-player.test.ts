import type { Dispatcher } from 'undici'
import { expect, test } from 'vitest'
import { valueChecksum } from '../../harness/base/hash.ts'
import type { Workload } from '../../harness/contract/workload.ts'
import type { PortLoad } from '../../harness/load/load-plan.ts'
import { PlayedTrace } from '../../harness/load/load-trial.ts'
import { PortPlayer, REPLIED, SENT } from '../../harness/load/port-player.ts'
import { ReplyCheck, RequestTexts } from '../../harness/load/reply-check.ts'
import { SendLatenessCounts, TrialFaults } from '../../harness/load/steady-usage.ts'
import { FINE_BUCKETS, fineBucket } from '../../harness/measure/buckets.ts'
import { ManualClock } from '../base/manual-clock.ts'
import { entityTag } from './entity-tag.ts'
import { sumOf, totalOf, traceOf, WORKLOAD } from './plans.ts'

const GAP_NS = 1_000
const COUNT = 8

const UPDATES: Workload = {
  ...WORKLOAD,
  operations: { read: 0, update: 1 },
  arrivals: { kind: 'constant' },
}

/** One request that was dispatched and whose reply the test writes. */
interface Dispatched {
  readonly connection: number
  readonly path: string
  readonly method: string
  readonly handler: Dispatcher.DispatchHandler
}

const CONTROLLER = {} as Dispatcher.DispatchController

/** A player on connections that do nothing by themselves, and its clock. */
function setUp(connections: number, pipelining = 1, workload = UPDATES) {
  const order = { workload, portCount: 1, routing: 'random', count: COUNT } as const
  const clock = new ManualClock()
  const dispatched: Dispatched[] = []
  const clients = Array.from({ length: connections }, (_, connection) => ({
    dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) {
      const { path, method } = options
      dispatched.push({ connection, path, method, handler })
      handler.onRequestStart!(CONTROLLER, undefined)
      return true
    },
  }))
  const traces = { warmUp: traceOf({ ...order, seed: 1 }), steady: traceOf({ ...order, seed: 2 }) }
  const lateness = new SendLatenessCounts()
  const faults = new TrialFaults()
  const player = new PortPlayer({
    port: 0,
    clients,
    pipelining,
    warmUp: new PlayedTrace(traces.warmUp, 0, 4, connections * pipelining),
    steady: new PlayedTrace(traces.steady, 0, 4, connections * pipelining),
    texts: new RequestTexts(UPDATES),
    check: new ReplyCheck(UPDATES, 'latin1'),
    lateness,
    faults,
    clock,
  })
  const turnAt = (ns: number) => {
    clock.advance(ns - clock.nowNs())
    return player.turn(ns)
  }
  /** Answers what was dispatched first, at this instant. */
  const answerAt = (ns: number, status: number, tag: string) => {
    clock.advance(ns - clock.nowNs())
    const { handler } = dispatched.shift()!
    handler.onResponseStart!(CONTROLLER, status, { etag: tag })
    handler.onResponseEnd!(CONTROLLER, {})
  }
  return { player, traces, clock, dispatched, lateness, faults, turnAt, answerAt }
}

/** The steady state from 10 µs to 18 µs, without a warm-up. */
function setUpSteady(connections: number, pipelining = 1, workload = UPDATES) {
  const parts = setUp(connections, pipelining, workload)
  parts.player.announceSteady(10 * GAP_NS, 18 * GAP_NS, 0, GAP_NS)
  const { hashes } = parts.traces.steady.ports[0]!
  const rightAt = (ns: number, position: number, version = 1) =>
    parts.answerAt(ns, 200, entityTag(version, valueChecksum(hashes[position]!, version)))
  return { ...parts, rightAt }
}

function latencies(load: PortLoad): number[] {
  return [...load.recorder.fine.entries()].flatMap(([bucket, count]) =>
    Array.from({ length: count }, () => bucket),
  )
}

test('sends each request when it is due, not before', () => {
  const { player, dispatched, turnAt } = setUpSteady(4)
  expect(player.nextDueNs()).toBe(10 * GAP_NS)
  expect(turnAt(9_999)).toBe(0)
  expect(turnAt(10_000)).toBe(SENT)
  expect(turnAt(10_999)).toBe(0)
  expect(player.nextDueNs()).toBe(11_000)
  expect(turnAt(12_500)).toBe(SENT)
  expect(dispatched.map(({ connection }) => connection)).toEqual([0, 1, 2])
  expect(dispatched.every(({ method }) => method === 'PUT')).toBe(true)
  expect(player.inFlight).toBe(3)
})

test('counts a latency from the intended start', () => {
  const { player, turnAt, rightAt } = setUpSteady(2)
  turnAt(11_300)
  rightAt(11_500, 0)
  rightAt(11_600, 1)
  const load = player.finish(11_600)
  expect(latencies(load)).toEqual([600, 1_500])
  expect(totalOf(load, 'smallestNs')).toBe(600)
  expect(load.steady.versions.slice(0, 2)).toEqual(new Int32Array([1, 1]))
})

test('holds what is due while no connection is free, and counts no lateness for that time', () => {
  const { player, dispatched, lateness, turnAt, rightAt } = setUpSteady(1)
  turnAt(10_000)
  expect(turnAt(12_500)).toBe(0)
  expect(dispatched.length).toBe(1)
  rightAt(12_600, 0)
  expect(turnAt(12_700)).toBe(SENT | REPLIED)
  rightAt(13_000, 1)
  turnAt(13_000)
  rightAt(13_400, 2)
  const load = player.finish(13_500)
  expect(latencies(load)).toEqual([1_400, 2_000, 2_600].map(fineBucket))
  // Sent 100 ns after the connection came back, at once, and at the instant.
  expect(sumOf(lateness.fine)).toBe(3)
  expect([lateness.fine[0], lateness.fine[100], lateness.maxNs]).toEqual([2, 1, 100])
  expect(totalOf(load, 'largestBacklog')).toBe(2)
  expect(totalOf(load, 'largestBacklogAgeNs')).toBe(1_500)
})

test('counts the lateness of a turn that came late', () => {
  const { lateness, turnAt } = setUpSteady(4)
  turnAt(11_200)
  expect([lateness.fine[200], lateness.fine[1_200]]).toEqual([1, 1])
})

test('counts replies by the half of the steady state in which they come', () => {
  const { player, turnAt, rightAt } = setUpSteady(8)
  turnAt(17_000)
  rightAt(13_999, 0)
  rightAt(14_000, 1)
  rightAt(18_000, 2)
  rightAt(18_001, 3)
  const load = player.finish(18_001)
  expect(totalOf(load, 'repliesFirstHalf')).toBe(1)
  expect(totalOf(load, 'repliesSecondHalf')).toBe(2)
  expect(sumOf(load.recorder.fine)).toBe(4)
})

test('plays the warm-up until the rest before the steady state, and counts its replies as throughput only', () => {
  const { player, traces, dispatched, lateness, turnAt, answerAt } = setUp(4)
  const { hashes } = traces.warmUp.ports[0]!
  player.startWarmUp(1_000, GAP_NS)
  turnAt(2_500)
  expect(dispatched.length).toBe(2)
  player.announceSteady(6_000, 14_000, 2_500, GAP_NS)
  turnAt(4_500)
  // Due at 3,000; what is due at 4,000 falls into the rest.
  expect(dispatched.length).toBe(3)
  expect(player.nextDueNs()).toBe(6_000)
  answerAt(6_500, 200, entityTag(1, valueChecksum(hashes[0]!, 1)))
  const load = player.finish(6_500)
  expect(load.warmUp.played).toBe(3)
  expect(load.steady.played).toBe(0)
  expect(totalOf(load, 'repliesFirstHalf')).toBe(1)
  expect(sumOf(load.recorder.fine)).toBe(0)
  expect(sumOf(lateness.fine)).toBe(0)
})

test('sends nothing that is due when the steady state has ended', () => {
  const { player, turnAt, dispatched } = setUpSteady(16)
  turnAt(30_000)
  expect(dispatched.length).toBe(COUNT)
  expect(player.hasSentAll()).toBe(true)
  expect(player.nextDueNs()).toBe(Number.POSITIVE_INFINITY)
  expect(turnAt(40_000)).toBe(0)
})

test('counts a refusal in place of a latency', () => {
  const { player, turnAt, rightAt, answerAt } = setUpSteady(2)
  turnAt(11_000)
  answerAt(11_500, 503, '')
  rightAt(11_600, 1)
  const load = player.finish(11_600)
  expect(latencies(load)).toEqual([600])
  expect(load.steady.refusals[0]).toBe(1)
  expect([totalOf(load, 'received'), totalOf(load, 'refused')]).toEqual([1, 1])
  expect(totalOf(load, 'repliesFirstHalf')).toBe(1)
})

test('gives up what was not sent, and loses what is in flight', () => {
  const { player, faults, turnAt, rightAt } = setUpSteady(2)
  turnAt(20_000)
  rightAt(20_500, 0)
  player.giveUp()
  expect(turnAt(21_000)).toBe(REPLIED)
  expect(player.nextDueNs()).toBe(Number.POSITIVE_INFINITY)
  const load = player.finish(30_000)
  expect(faults.lost).toBe(1)
  expect(load.steady.uncertain).toEqual(Int32Array.from({ length: COUNT }, (_, i) => +(i === 1)))
  expect(totalOf(load, 'received')).toBe(2)
  expect(totalOf(load, 'neverReceived')).toBe(COUNT - 2)
  expect(totalOf(load, 'inFlight')).toBe(1)
  expect(totalOf(load, 'oldestUnansweredNs')).toBe(19_000)
})

test('loses a request that fails, and tells of its connection once', () => {
  const { player, faults, dispatched, turnAt } = setUpSteady(1, 2)
  turnAt(11_000)
  const [head, second] = dispatched as [Dispatched, Dispatched]
  head.handler.onResponseError!(CONTROLLER, new Error('reset'))
  // What undici sends again after a connection broke; it reports what is thrown.
  expect(() => second.handler.onRequestStart!(CONTROLLER, undefined)).toThrow(/closed under/)
  second.handler.onResponseError!(CONTROLLER, new Error('closed under'))
  expect(player.inFlight).toBe(0)
  expect(faults).toMatchObject({ lost: 2, connectionErrors: 1, firstConnectionError: 'reset' })
  const load = player.finish(15_000)
  expect(sumOf(load.steady.uncertain)).toBe(2)
  expect(totalOf(load, 'received')).toBe(2)
  expect(totalOf(load, 'oldestUnansweredNs')).toBe(5_000)
})

test('hears nothing more once it has finished', () => {
  const { player, faults, turnAt, rightAt } = setUpSteady(1)
  turnAt(10_000)
  const load = player.finish(10_500)
  rightAt(10_600, 0)
  expect(turnAt(20_000)).toBe(0)
  expect(sumOf(load.recorder.fine)).toBe(0)
  expect(faults.lost).toBe(1)
})

test('counts answers and refusals by class, which add up to the whole', () => {
  const workload: Workload = {
    ...UPDATES,
    keys: { kind: 'zipf', theta: 1 },
    classes: { by: 'hot-key', names: ['hot', 'same-shard', 'other-shards'] },
  }
  const { player, traces, turnAt, rightAt, answerAt } = setUpSteady(3, 1, workload)
  const { classes } = traces.steady.ports[0]!
  turnAt(12_000)
  answerAt(12_100, 503, '')
  rightAt(12_300, 1)
  rightAt(12_400, 2)
  const { recorder } = player.finish(12_500)
  const { fine, refused } = recorder.classes!
  const expected = new Int32Array(fine.length)
  expected[classes[1]! * FINE_BUCKETS + fineBucket(1_300)] = 1
  expected[classes[2]! * FINE_BUCKETS + fineBucket(400)] = 1
  expect(fine).toEqual(expected)
  expect(sumOf(recorder.fine)).toBe(2)
  expect([...refused]).toEqual([0, 1, 2].map((index) => Number(index === classes[0])))
})
