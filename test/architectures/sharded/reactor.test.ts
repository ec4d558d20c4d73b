import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shardOf } from '../../../harness/base/hash.ts'
import type { Stage } from '../../../harness/contract/stage.ts'
import type { RequestView } from '../../../harness/shared-memory/request-view.ts'
import { written } from '../../base/written.ts'
import { GAP_NS } from '../../ports/replay/bench.ts'
import { COUNTER_STAGES } from '../counter-stages.ts'
import { createReactors, GAPS, SHARDS } from './reactor-bench.ts'

test('however two reactors alternate, every request is answered right', () => {
  const turns = fc.array(fc.record({ shard: fc.nat(1), gaps: fc.nat(8) }), { maxLength: 80 })
  const sizes = fc.record({
    batch: fc.constantFrom(1, 2, 7, 32),
    ringCapacity: fc.constantFrom(2, 4, 64),
    permits: fc.constantFrom(1, 3, 16),
    deadlineNs: fc.constantFrom(0, 3 * GAP_NS, 40 * GAP_NS),
  })
  fc.assert(
    fc.property(turns, sizes, (course, { batch, ringCapacity, permits, deadlineNs }) => {
      const server = createReactors({
        options: `:batch=${batch}:ringCapacity=${ringCapacity}:deadlineMillis=1`,
        bench: { permits, deadlineNs },
      })
      server.bench.startSteady(GAPS)
      for (const { shard, gaps } of course) {
        server.turn(shard)
        server.bench.clock.advance(gaps * GAP_NS)
      }
      expect(server.finish()).toBe(true)
      const ended = server.total('received') + server.total('refused')
      expect([ended, server.total('wrong')]).toEqual([GAPS, 0])
      expect(server.verdict()).toBeUndefined()
    }),
  )
})

test('a full mailbox blocks its sender only until the peer turns', () => {
  const { bench, reactors, turn, finish, verdict } = createReactors({
    options: ':ringCapacity=2:batch=8',
    bench: { permits: 64 },
  })
  bench.startSteady(GAPS)
  bench.clock.advance(GAPS * GAP_NS)
  for (let i = 0; i < 50; i++) turn(0)
  const sent = () => reactors[0]!.counters.read().messages
  // As many as the mailbox has places: the rest waits, bounded.
  expect(sent()).toBe(2)
  expect(bench.ports[0]!.inFlight()).toBeLessThanOrEqual(64)
  expect(turn(0)).toBe(false)
  turn(1)
  expect(turn(0)).toBe(true)
  expect(sent()).toBeGreaterThan(2)
  expect(finish()).toBe(true)
  expect(verdict()).toBeUndefined()
})

test('however many requests wait for a peer that does not turn, those of other keys are received and answered', () => {
  const gaps = 20 * GAPS
  const { bench, reactors, turn, finish, verdict } = createReactors({
    options: ':ringCapacity=2:batch=2',
    bench: { permits: gaps },
  })
  bench.startSteady(gaps)
  bench.clock.advance(gaps * GAP_NS)
  while (turn(0));
  bench.ports[0]!.publish()
  const received = bench.total('received')
  expect([received > gaps / 3, bench.total('neverReceived')]).toEqual([true, 0])
  const { hashes, count } = bench.trace.ports[0]!
  const owners = Array.from({ length: received }, (_, i) => shardOf(hashes[i % count]!, SHARDS))
  const own = owners.filter((owner) => owner === 0).length
  expect([bench.completed(), bench.ports[0]!.inFlight()]).toEqual([own, received - own])
  expect(reactors[0]!.counters.read().messages).toBe(2)
  expect(finish()).toBe(true)
  expect(verdict()).toBeUndefined()
})

test('what waits for a peer until its deadline is over is refused, its permit free for others, and the reactor wakes for that', () => {
  const deadlineNs = 30 * GAP_NS
  // As many permits as come in half of that time: without refusals none would be left.
  const { bench, reactors, turn, finish, verdict } = createReactors({
    options: ':ringCapacity=2:batch=4',
    bench: { permits: 8, deadlineNs },
  })
  const [port] = bench.ports
  const { thread, counters } = reactors[0]!
  const timerNs = () => written((target, at) => thread.nextTimerNs(target, at))
  expect(timerNs()).toBe(Number.POSITIVE_INFINITY)
  bench.startSteady(GAPS)
  const oldest: number[] = []
  for (let gap = 0; gap < GAPS; gap++) {
    while (turn(0));
    oldest.push(timerNs() - bench.clock.nowNs())
    bench.clock.advance(GAP_NS)
  }
  // Each is due at a gap: one before its deadline it is there still, and at it no more.
  expect(Math.min(...oldest)).toBe(GAP_NS)
  bench.clock.advance(deadlineNs)
  while (turn(0));
  port!.publish()
  // The peer has two; all others for it were refused, at the port or behind it, and none of this shard’s own that was received.
  expect([port!.inFlight(), counters.read().messages, timerNs()]).toEqual([2, 2, Infinity])
  const { hashes } = bench.trace.ports[0]!
  const played = bench.total('played')
  const own = hashes.subarray(0, played).filter((hash) => shardOf(hash, SHARDS) === 0).length
  expect(bench.total('refused')).toBe(played - bench.completed() - 2)
  expect(bench.completed()).toBeGreaterThan(own / 2)
  expect(finish()).toBe(true)
  expect([bench.total('wrong'), bench.total('neverReceived')]).toEqual([0, 0])
  expect(verdict()).toBeUndefined()
})

test('requests that clients send to the shard of their key need no message', () => {
  const { bench, reactors, finish, verdict } = createReactors({ bench: { routing: 'shard-aware' } })
  bench.startSteady(GAPS)
  expect(finish()).toBe(true)
  expect(reactors.map(({ counters }) => counters.read().messages)).toEqual([0, 0])
  expect(verdict()).toBeUndefined()
})

test('a turn without work says so', () => {
  const { turn, bench } = createReactors()
  expect(turn(0)).toBe(false)
  bench.startSteady(GAPS)
  bench.clock.advance(20 * GAP_NS)
  expect(turn(0)).toBe(true)
})

test('each request passes all stages in order, keyed ones at its key’s shard, others at its origin', () => {
  interface Journey {
    readonly origin: number
    readonly owner: number
    readonly visits: { stage: string; shard: number }[]
  }
  const journeys: Journey[] = []
  /** By slot, those under way. */
  const present = new Map<number, Journey>()
  // Two keyed stages with one between that is not.
  const between: Stage[] = ['again', 'between', 'last'].map((name) => ({
    name,
    access: name === 'between' ? 'none' : 'read',
    run: () => {},
  }))
  const stages = [...COUNTER_STAGES.slice(0, 3), ...between, COUNTER_STAGES[3]!]
  const observed = (shard: number) =>
    stages.map((stage): Stage => {
      if ('codec' in stage) return stage
      return {
        ...stage,
        run: (request, records) => {
          stage.run(request, records)
          const { base } = request as RequestView
          if (stage.name === 'route') {
            const journey = { origin: shard, owner: shardOf(request.hash, SHARDS), visits: [] }
            present.set(base, journey)
            journeys.push(journey)
          }
          present.get(base)!.visits.push({ stage: stage.name, shard })
        },
      }
    })
  const server = createReactors({ stages: observed })
  server.bench.startSteady(GAPS)
  expect(server.finish()).toBe(true)
  expect(journeys).toHaveLength(GAPS)
  for (const { origin, owner, visits } of journeys) {
    expect(visits).toEqual([
      { stage: 'route', shard: origin },
      { stage: 'apply', shard: owner },
      { stage: 'again', shard: owner },
      { stage: 'between', shard: origin },
      { stage: 'last', shard: owner },
    ])
  }
})

test('turns beyond the quota take fewer requests, short ones more again', () => {
  const { bench, turn } = createReactors({
    options: ':batch=8:quotaMicros=1',
    bench: { permits: 128, routing: 'shard-aware' },
  })
  bench.startSteady(GAPS)
  bench.clock.advance(GAPS * GAP_NS)
  const received = () => {
    bench.ports[0]!.publish()
    return bench.total('received')
  }
  const takes = (elapsedNs: number) => {
    const before = received()
    turn(0)
    const taken = received() - before
    bench.clock.advance(elapsedNs)
    return taken
  }
  expect([2_000, 2_000, 2_000, 100, 100, 100].map(takes)).toEqual([8, 4, 2, 1, 2, 4])
})
