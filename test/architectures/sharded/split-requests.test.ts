import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shardOf } from '../../../harness/base/hash.ts'
import type { Stage } from '../../../harness/contract/stage.ts'
import type { KeysPerRequest } from '../../../harness/contract/workload.ts'
import { attributePhases, partNames } from '../../../harness/trial/attribution.ts'
import { parseArms } from '../../../harness/asked/arms.ts'
import { SHARDED_WAITS } from '../../../harness/shared-memory/phase-layout.ts'
import { GAP_NS } from '../../ports/replay/bench.ts'
import { LEG_STAGES } from '../leg-stages.ts'
import { servicesAddUp } from '../sampled-parts.ts'
import { createReactors, GAPS, SHARDS } from './reactor-bench.ts'

const MOST_KEYS = 5
const keysPerRequest = { minimum: 1, maximum: MOST_KEYS, spread: 'scattered' } as const

function createSplitting(settings: {
  options?: string
  permits?: number
  deadlineNs?: number
  keysPerRequest?: KeysPerRequest
  stages?: (shard: number) => readonly Stage[]
}) {
  return createReactors({
    options: settings.options ?? '',
    bench: {
      permits: settings.permits ?? 16,
      deadlineNs: settings.deadlineNs ?? 0,
      waits: SHARDED_WAITS,
      workload: { keysPerRequest: settings.keysPerRequest ?? keysPerRequest },
    },
    stages: settings.stages ?? (() => LEG_STAGES),
  })
}

test('however two reactors alternate, every leg of every request is answered right', () => {
  const turns = fc.array(fc.record({ shard: fc.nat(1), gaps: fc.nat(8) }), { maxLength: 80 })
  const sizes = fc.record({
    batch: fc.constantFrom(1, 2, 7, 32),
    ringCapacity: fc.constantFrom(2, 4, 64),
    permits: fc.constantFrom(1, 3, 16),
    deadlineNs: fc.constantFrom(0, 3 * GAP_NS, 40 * GAP_NS),
    spread: fc.constantFrom('scattered' as const, 'neighbours' as const),
  })
  fc.assert(
    fc.property(turns, sizes, (course, { batch, ringCapacity, permits, deadlineNs, spread }) => {
      const server = createSplitting({
        options: `:batch=${batch}:ringCapacity=${ringCapacity}:deadlineMillis=1`,
        permits,
        deadlineNs,
        keysPerRequest: { ...keysPerRequest, spread },
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
      const logs = server.bench.memories.map((memory) => memory.playbacks[3].phases)
      const parts = partNames(parseArms('sharded,staged')[0], [])
      expect(attributePhases(logs, parts)?.sumsWithinShare ?? 1).toBe(1)
      expect(servicesAddUp(server.bench, parts, LEG_STAGES.length)).toBe(true)
    }),
  )
})

test('each leg is worked on by the shard of its key, and put together where the request came from', () => {
  const worked: [shard: number, owner: number][] = []
  const combined: [shard: number, legs: number][] = []
  const server = createSplitting({
    stages: (shard) =>
      LEG_STAGES.map((stage): Stage => {
        if (!('run' in stage) || stage.runKey === undefined) return stage
        return {
          ...stage,
          runKey: (leg, records) => {
            worked.push([shard, shardOf(leg.hash, SHARDS)])
            stage.runKey!(leg, records)
          },
          combine: (request, legs) => {
            combined.push([shard, legs.length])
            stage.combine!(request, legs)
          },
        }
      }),
  })
  server.bench.startSteady(GAPS)
  expect(server.finish()).toBe(true)
  expect(worked.filter(([shard, owner]) => shard !== owner)).toEqual([])
  expect(combined).toHaveLength(GAPS)
  expect(new Set(combined.map(([, legs]) => legs))).toEqual(new Set([1, 2, 3, 4, 5]))
  const legCount = combined.reduce((sum, [, legs]) => sum + legs, 0)
  expect(worked).toHaveLength(legCount)
  for (const shard of [0, 1]) {
    const received = server.bench.total('received', 3, shard)
    expect(combined.filter(([at]) => at === shard)).toHaveLength(received)
  }
})

test('of a request whose keys are all its own shard’s nothing is sent', () => {
  const one = { minimum: 1, maximum: 1, spread: 'scattered' } as const
  const server = createReactors({
    bench: { workload: { keysPerRequest: one }, routing: 'shard-aware' },
    stages: () => LEG_STAGES,
  })
  server.bench.startSteady(GAPS)
  expect(server.finish()).toBe(true)
  expect(server.reactors.map(({ counters }) => counters.read().messages)).toEqual([0, 0])
  expect(server.verdict()).toBeUndefined()
})

test('a request may pass a keyed stage before its legs and another behind them', () => {
  const [decode, route, apply, encode] = LEG_STAGES
  const keyed = (name: string): Stage => ({
    name,
    access: 'read',
    run: (request, records) => void records.find(request),
  })
  const server = createSplitting({
    stages: () => [decode!, route!, keyed('first'), apply!, keyed('last'), encode!],
  })
  server.bench.startSteady(GAPS)
  expect(server.finish()).toBe(true)
  expect([server.total('wrong'), server.verdict()]).toEqual([0, undefined])
})
