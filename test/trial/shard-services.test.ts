import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseArms } from '../../harness/asked/arms.ts'
import type { Stage } from '../../harness/contract/stage.ts'
import { SHARDED_WAITS } from '../../harness/shared-memory/phase-layout.ts'
import { attributePhases, partNames } from '../../harness/trial/attribution.ts'
import { ManualClock } from '../base/manual-clock.ts'
import { GAP_NS } from '../ports/replay/bench.ts'
import { sampledIn, sampledServices, servicesAddUp } from '../architectures/sampled-parts.ts'
import { TIMED_SERVICES, timedStages } from './timed-stages.ts'
import { createReactors, GAPS } from '../architectures/sharded/reactor-bench.ts'

const PARTS = partNames(parseArms('sharded,staged')[0], [])

function createTimed(options: string, stagesOf = timedStages) {
  let clock = new ManualClock()
  const stages = stagesOf(() => clock)
  const server = createReactors({
    options,
    stages: () => stages,
    bench: { permits: 16, waits: SHARDED_WAITS },
  })
  clock = server.bench.clock
  server.bench.startSteady(GAPS)
  return server
}

function expectServices(server: ReturnType<typeof createTimed>, wanted: readonly number[]): void {
  const services = sampledServices(server.bench, PARTS.length, wanted.length)
  for (const ofStages of services)
    for (const [stage, ns] of wanted.entries()) expect(ofStages[stage]).toBeCloseTo(ns, 2)
  expect(servicesAddUp(server.bench, PARTS, wanted.length)).toBe(true)
}

test('each stage has its own share of a request’s service, on its own shard and on another’s', () => {
  const course = fc.array(fc.record({ shard: fc.nat(1), gaps: fc.nat(8) }), { maxLength: 80 })
  let remote = 0
  let own = 0
  fc.assert(
    fc.property(course, fc.constantFrom(1, 2, 7, 32), (turns, batch) => {
      const server = createTimed(`:batch=${batch}`)
      for (const { shard, gaps } of turns) {
        server.turn(shard)
        server.bench.clock.advance(gaps * GAP_NS)
      }
      expect(server.finish()).toBe(true)
      const logs = server.bench.memories.map((memory) => memory.playbacks[3].phases)
      expect(attributePhases(logs, PARTS)?.sumsWithinShare ?? 1).toBe(1)
      const waits = sampledIn(server.bench, PARTS, 'mailbox wait: requests')
      remote += waits.filter((ns) => ns > 0).length
      own += waits.filter((ns) => ns === 0).length
      expectServices(server, TIMED_SERVICES)
    }),
    { numRuns: 40 },
  )
  expect([remote > 0, own > 0]).toEqual([true, true])
})

test('who stands by while others of a batch are at another stage has that as batch wait', () => {
  const AGAIN_NS = 20
  const again = (clock: () => ManualClock): Stage => ({
    name: 'again',
    access: 'read',
    run: () => clock().advance(AGAIN_NS),
  })
  let atBoth = 0
  const course = fc.array(fc.nat(1), { maxLength: 80 })
  fc.assert(
    fc.property(course, fc.constantFrom(2, 7, 32), (shards, batch) => {
      const server = createTimed(`:batch=${batch}`, (clock) => {
        const stages = timedStages(clock)
        return [...stages.slice(0, 4), again(clock), stages[4]!]
      })
      for (const shard of shards) {
        server.turn(shard)
        server.bench.clock.advance(GAP_NS)
      }
      expect(server.finish()).toBe(true)
      atBoth += sampledIn(server.bench, PARTS, 'batch wait').filter((ns) => ns > 0).length
      expectServices(server, [...TIMED_SERVICES.slice(0, 4), AGAIN_NS, 0])
    }),
    { numRuns: 40 },
  )
  expect(atBoth).toBeGreaterThan(0)
})

test('what is done before a wait and behind it is the service of its stage', () => {
  const DEVICE_NS = 40
  const server = createTimed('', (clock) => [
    ...timedStages(clock).slice(0, 3),
    { name: 'device', wait: { micros: 9 }, run: () => clock().advance(DEVICE_NS) } as Stage,
    ...timedStages(clock).slice(3),
  ])
  expect(server.finish()).toBe(true)
  const waits = sampledIn(server.bench, PARTS, 'declared wait')
  expect(waits.length).toBeGreaterThan(0)
  for (const ns of waits) expect(ns).toBeGreaterThanOrEqual(9_000)
  expectServices(server, [...TIMED_SERVICES.slice(0, 3), DEVICE_NS, ...TIMED_SERVICES.slice(3)])
})

test('an off-load thread’s part is the service of the stage that it executes', () => {
  const CALL_NS = 55
  const server = createTimed('', (clock) => [
    ...timedStages(clock).slice(0, 3),
    {
      name: 'call',
      wait: { micros: 9, blocking: true, offload: true },
      run: () => clock().advance(CALL_NS),
    } as Stage,
    ...timedStages(clock).slice(3),
  ])
  expect(server.finish()).toBe(true)
  expect(sampledIn(server.bench, PARTS, 'off-load').every((ns) => ns > 0)).toBe(true)
  expectServices(server, [...TIMED_SERVICES.slice(0, 3), CALL_NS, ...TIMED_SERVICES.slice(3)])
})
