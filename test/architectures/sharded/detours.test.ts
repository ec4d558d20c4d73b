import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import type { PortThread } from '../../../harness/contract/port.ts'
import { DRAWN, type HandlerStage, type Stage } from '../../../harness/contract/stage.ts'
import { attributePhases, partNames } from '../../../harness/trial/attribution.ts'
import { parseArms } from '../../../harness/asked/arms.ts'
import * as burning from '../../../harness/measure/burn.ts'
import { SHARDED_WAITS } from '../../../harness/shared-memory/phase-layout.ts'
import type { RequestView } from '../../../harness/shared-memory/request-view.ts'
import { written } from '../../base/written.ts'
import { GAP_NS } from '../../ports/replay/bench.ts'
import { COUNTER_STAGES } from '../counter-stages.ts'
import { sampledIn, servicesAddUp } from '../sampled-parts.ts'
import { createReactors, GAPS, SHARDS, type ShardSettings } from './reactor-bench.ts'

const OFF_LOAD = SHARDS
/** In gaps: half of the requests ask for nothing, the others for one or the other. */
const SHORT = 5
const LONG = 40
const serviceTimes = {
  kind: 'mixture',
  parts: [
    { weight: 2, micros: 0 },
    { weight: 1, micros: SHORT },
    { weight: 1, micros: LONG },
  ],
} as const
const [decode, route, apply, encode] = COUNTER_STAGES

/** The counter’s stages with one before the keyed one, and one that notes what happens right before that. */
function stagesWith(
  declared: Partial<HandlerStage>,
  noted: { before?: (slot: number) => void; run?: (slot: number, thread: number) => void } = {},
): ShardSettings['stages'] {
  return (thread) => [
    decode!,
    route!,
    { name: 'before', run: (request) => noted.before?.((request as RequestView).base) },
    {
      name: 'busy',
      ...declared,
      run: (request) => noted.run?.((request as RequestView).base, thread),
    } as Stage,
    apply!,
    encode!,
  ]
}

const bench = { serviceTimes, permits: 16 }
const device = { wait: { micros: DRAWN } } as const
const call = { wait: { micros: DRAWN, blocking: true, offload: true } } as const
const burn = { burn: { micros: DRAWN } } as const

function nextTimerNs(thread: PortThread): number {
  return written((target, at) => thread.nextTimerNs(target, at))
}

afterEach(() => {
  vi.restoreAllMocks()
})

const COURSES = fc.array(fc.record({ who: fc.nat(2), gaps: fc.nat(8) }), { maxLength: 80 })
const SIZES = fc.record({
  batch: fc.constantFrom(1, 2, 7, 32),
  permits: fc.constantFrom(1, 3, 16),
  deadlineNs: fc.constantFrom(0, 3 * GAP_NS, 40 * GAP_NS),
})

test.each([
  ['wait for a device', device, ''],
  ['make a call known to block', call, ''],
  ['make it themselves', call, ':offload=off'],
  ['burn in slices', burn, ':quotaMicros=3'],
  ['burn in one go', burn, ':slices=off'],
  ['wait and burn in slices', { ...device, ...burn }, ':quotaMicros=3'],
  ['wait, read and burn', { ...device, ...burn, read: {} }, ':quotaMicros=3'],
] as const)(
  'however threads alternate, every request is answered right where all %s',
  (_, declared, options) => {
    const work = { read: () => {}, touch: () => {}, churn: () => {}, isCached: () => false }
    fc.assert(
      fc.property(COURSES, SIZES, (course, { batch, permits, deadlineNs }) => {
        const server = createReactors({
          options: `:batch=${batch}:deadlineMillis=1${options}`,
          bench: { serviceTimes, permits, deadlineNs, waits: SHARDED_WAITS },
          stages: stagesWith(declared),
          context: { work },
        })
        server.bench.startSteady(GAPS)
        for (const { who, gaps } of course) {
          if (who === OFF_LOAD) server.serveOffLoaded()
          else server.turn(who)
          server.bench.clock.advance(gaps * GAP_NS)
        }
        expect(server.finish()).toBe(true)
        const ended = server.total('received') + server.total('refused')
        expect([ended, server.total('wrong')]).toEqual([GAPS, 0])
        expect(server.verdict()).toBeUndefined()
        const logs = server.bench.memories.map((memory) => memory.playbacks[3].phases)
        const parts = partNames(parseArms('sharded,staged')[0], [])
        expect(attributePhases(logs, parts)?.sumsWithinShare ?? 1).toBe(1)
        expect(servicesAddUp(server.bench, parts, 6)).toBe(true)
      }),
      { numRuns: 40 },
    )
  },
)

test('a wait is never over early, and one of nothing is none', () => {
  const begun = new Map<number, number>()
  const waits: number[] = []
  const server = createReactors({
    bench,
    stages: stagesWith(device, {
      before: (slot) => begun.set(slot, server.bench.clock.nowNs()),
      run: (slot) => waits.push(server.bench.clock.nowNs() - begun.get(slot)!),
    }),
  })
  server.bench.startSteady(GAPS)
  expect(server.finish()).toBe(true)
  const long = waits.filter((ns) => ns >= LONG * GAP_NS)
  const short = waits.filter((ns) => ns >= SHORT * GAP_NS && ns < LONG * GAP_NS)
  const none = waits.filter((ns) => ns === 0)
  expect(long.length + short.length + none.length).toBe(GAPS)
  expect([long, short, none].every(({ length }) => length > 0)).toBe(true)
  const counted = server.reactors.map(({ counters }) => counters.read())
  const sum = (name: 'declaredWaits' | 'declaredWaitAskedNs' | 'declaredWaitNs') =>
    counted.reduce((total, own) => total + own[name], 0)
  expect(sum('declaredWaits')).toBe(long.length + short.length)
  expect(sum('declaredWaitAskedNs')).toBe((long.length * LONG + short.length * SHORT) * GAP_NS)
  expect(sum('declaredWaitNs')).toBe([...long, ...short].reduce((total, ns) => total + ns, 0))
})

test('a reactor with a request that waits goes on with others, and says when the wait is over', () => {
  const server = createReactors({
    bench: { ...bench, serviceTimes: { kind: 'fixed', meanMicros: LONG } },
    stages: stagesWith(device),
  })
  const { thread } = server.reactors[0]!
  expect(nextTimerNs(thread)).toBe(Number.POSITIVE_INFINITY)
  server.bench.startSteady(GAPS)
  server.bench.clock.advance(GAP_NS * 4)
  const nowNs = server.bench.clock.nowNs()
  while (server.turn(0));
  expect(nextTimerNs(thread)).toBe(nowNs + LONG * GAP_NS)
  server.bench.clock.advance(LONG * GAP_NS - 1)
  // More came in meanwhile, but nobody is through.
  while (server.turn(0));
  expect(server.bench.completed(3, 0)).toBe(0)
  expect(nextTimerNs(thread)).toBe(nowNs + LONG * GAP_NS)
  server.bench.clock.advance(1)
  expect(server.turn(0)).toBe(true)
  expect(nextTimerNs(thread)).toBeGreaterThan(nowNs + LONG * GAP_NS)
})

test('a wait is counted from where its request came to it, not from the beginning of the turn', () => {
  const tookNs = 300
  const server = createReactors({
    bench: {
      serviceTimes: { kind: 'fixed', meanMicros: LONG },
      permits: 1,
      routing: 'shard-aware',
    },
    stages: stagesWith(device, { before: () => server.bench.clock.advance(tookNs) }),
  })
  server.bench.startSteady(GAPS)
  server.bench.clock.advance(8 * GAP_NS)
  const startNs = server.bench.clock.nowNs()
  expect(server.turn(0)).toBe(true)
  expect(nextTimerNs(server.reactors[0]!.thread)).toBe(startNs + tookNs + LONG * GAP_NS)
})

test.each([
  [call, [0, 1]],
  [{ read: {} }, []],
] as const)('what is known to block is executed by the off-load thread, %o', (declared, here) => {
  const executors: number[] = []
  const asleep: number[] = []
  const blockingWait = { wait: () => {}, sleep: (ns: number) => void asleep.push(ns) }
  const work = { read: () => {}, touch: () => {}, churn: () => {}, isCached: () => false }
  const server = createReactors({
    bench,
    stages: stagesWith(declared, { run: (_, thread) => executors.push(thread) }),
    context: { blockingWait, work },
  })
  server.bench.startSteady(GAPS)
  expect(server.finish()).toBe(true)
  expect(executors).toHaveLength(GAPS)
  // A call that takes no time does not leave its reactor.
  expect(new Set(executors)).toEqual(new Set([...here, OFF_LOAD]))
  const offLoaded = executors.filter((thread) => thread === OFF_LOAD).length
  expect(server.offLoadCounters.read().handoffs).toBe(offLoaded)
  const handed = server.reactors.map(({ counters }) => counters.read().handoffs)
  expect(handed.reduce((sum, count) => sum + count, 0)).toBe(offLoaded)
  expect(asleep.filter((ns) => ns > 0)).toHaveLength(here.length === 0 ? 0 : offLoaded)
})

test('without off-load threads a reactor blocks itself', () => {
  const executors: number[] = []
  const asleep: number[] = []
  const blockingWait = { wait: () => {}, sleep: (ns: number) => void asleep.push(ns) }
  const server = createReactors({
    options: ':offload=off',
    bench,
    stages: stagesWith(call, { run: (_, thread) => executors.push(thread) }),
    context: { blockingWait },
  })
  server.bench.startSteady(GAPS)
  expect(server.finish()).toBe(true)
  expect(server.serveOffLoaded()).toBe(false)
  expect(new Set(executors)).toEqual(new Set([0, 1]))
  expect(new Set(asleep)).toEqual(new Set([0, SHORT * 1_000, LONG * 1_000]))
})

test('a reactor whose only request is off-loaded has nothing to do until it comes back', () => {
  const server = createReactors({
    bench: { ...bench, serviceTimes: { kind: 'fixed', meanMicros: LONG }, permits: 1 },
    stages: stagesWith(call),
  })
  server.bench.startSteady(GAPS)
  server.bench.clock.advance(8 * GAP_NS)
  expect([server.turn(0), server.turn(0)]).toEqual([true, false])
  expect(server.serveOffLoaded()).toBe(true)
  expect([server.serveOffLoaded(), server.turn(0)]).toEqual([false, true])
})

/** One shard’s requests, each of which burns 10 µs, and what was burnt. */
function slicing(options: string) {
  const burnt: string[] = []
  vi.spyOn(burning, 'burnIterations').mockImplementation((count) => void burnt.push(`${count}`))
  const server = createReactors({
    options,
    bench: { permits: 64, routing: 'shard-aware', serviceTimes: null },
    stages: stagesWith({ burn: { micros: 10 } }, { run: () => burnt.push('run') }),
  })
  server.bench.startSteady(GAPS)
  return { server, burnt }
}

test('a burn longer than the quota is burnt in slices, one per turn, the last as long as what is left', () => {
  const { server, burnt } = slicing(':quotaMicros=4:batch=1')
  server.bench.clock.advance(6 * GAP_NS)
  const turns = () => {
    server.bench.ports[0]!.publish()
    server.turn(0)
    return burnt.splice(0)
  }
  expect([turns(), turns(), turns()]).toEqual([['4'], ['4'], ['4']])
  // Three are in hand by now, each with its first slice done: they go round.
  expect(server.bench.ports[0]!.inFlight()).toBe(3)
  expect(nextTimerNs(server.reactors[0]!.thread)).toBe(0)
  expect(server.finish()).toBe(true)
  expect(server.verdict()).toBeUndefined()
  expect(burnt.filter((what) => what === 'run')).toHaveLength(GAPS)
  expect(new Set(burnt)).toEqual(new Set(['4', '2', 'run']))
})

test('a long burn lets short requests pass', () => {
  const order: string[] = []
  vi.spyOn(burning, 'burnIterations').mockImplementation(() => {})
  const server = createReactors({
    options: ':quotaMicros=2:batch=4',
    bench: { permits: 64, routing: 'shard-aware', serviceTimes },
    stages: (thread) => [
      ...stagesWith(burn)!(thread).slice(0, -1),
      {
        name: 'note',
        run: (request) =>
          order.push(`${(request as RequestView).words[(request as RequestView).base + 14]}`),
      },
      encode!,
    ],
  })
  server.bench.startSteady(GAPS)
  expect(server.finish()).toBe(true)
  const [longest, none] = [`${LONG * 1_000}`, '0']
  // The first of the long ones is through after some that came later and ask for nothing.
  expect(order.indexOf(longest)).toBeGreaterThan(order.indexOf(none))
  expect(order.slice(0, order.indexOf(longest)).filter((ns) => ns === none).length).toBeGreaterThan(
    10,
  )
})

test.each([':slices=off', ':quotaMicros=10', ''])(
  'burns of 10 µs are not sliced: sharded%s',
  (options) => {
    const { server, burnt } = slicing(options)
    expect(server.finish()).toBe(true)
    expect(new Set(burnt)).toEqual(new Set(['10', 'run']))
  },
)

const MS = 1_000_000
const background = { share: 0.5, sliceNs: MS, priorities: true }

test('a reactor does background work when it finds nothing else, and says when it is due', () => {
  const server = createReactors({ background })
  const { thread, counters } = server.reactors[0]!
  const done = () => counters.read().backgroundSlices
  const startNs = server.bench.clock.nowNs()
  expect(nextTimerNs(thread)).toBe(startNs + 2 * MS)
  expect(server.turn(0)).toBe(false)
  server.bench.clock.advance(2 * MS)
  expect([server.turn(0), done(), server.turn(0)]).toEqual([true, 1, false])
  expect(nextTimerNs(thread)).toBe(startNs + 4 * MS)
})

test.each([
  [true, [0, 1]],
  [false, [1, 1]],
] as const)(
  'with priorities %s, of slices due beside a request so many are done',
  (priorities, slices) => {
    const server = createReactors({
      background: { ...background, priorities },
      bench: { routing: 'shard-aware', permits: 64 },
      options: ':batch=64',
    })
    const done = () => server.reactors[0]!.counters.read().backgroundSlices
    server.bench.startSteady(GAPS)
    server.bench.clock.advance(2 * MS)
    expect(server.turn(0)).toBe(true)
    expect(done()).toBe(slices[0])
    while (server.turn(0));
    expect(done()).toBe(slices[1])
  },
)

/** Largest time that a sampled request spent in a part. */
function longest({ bench: own }: ReturnType<typeof createReactors>, part: string): number {
  return Math.max(...sampledIn(own, partNames(parseArms('sharded,staged')[0], []), part))
}

test.each([
  ['declared wait', device, '', LONG * GAP_NS],
  ['off-load', call, '', GAP_NS],
  ['slice wait', burn, ':quotaMicros=3', GAP_NS],
] as const)(
  'a request that was set aside spent its time in %s',
  (part, declared, options, leastNs) => {
    const server = createReactors({
      options,
      bench: { ...bench, waits: SHARDED_WAITS },
      stages: stagesWith(declared),
    })
    server.bench.startSteady(GAPS)
    expect(server.finish()).toBe(true)
    expect(longest(server, part)).toBeGreaterThanOrEqual(leastNs)
    const others = ['declared wait', 'off-load', 'slice wait', 'legs'].filter(
      (name) => name !== part,
    )
    expect(others.map((name) => longest(server, name))).toEqual([0, 0, 0])
  },
)

test('slices are no reason to take fewer requests in a turn', () => {
  const server = createReactors({
    options: ':quotaMicros=4:batch=8',
    bench: { permits: 128, routing: 'shard-aware' },
    stages: stagesWith({ burn: { micros: 10 } }),
  })
  vi.spyOn(burning, 'burnIterations').mockImplementation((micros) =>
    server.bench.clock.advance(micros * 1_000 + 10),
  )
  server.bench.startSteady(GAPS)
  server.bench.clock.advance(GAPS * GAP_NS)
  const takes = () => {
    const before = server.bench.ports[0]!.inFlight()
    server.turn(0)
    return server.bench.ports[0]!.inFlight() - before
  }
  expect([takes(), takes(), takes(), takes()]).toEqual([8, 8, 8, 8])
})

test.each([
  [550, 8],
  [650, 4],
])(
  'a turn of %d µs, of which the last slice of a burn was 200, lets the next one take %d requests',
  (micros, taken) => {
    let begun = 0
    const server = createReactors({
      options: ':quotaMicros=400:batch=8',
      bench: { permits: 128, routing: 'shard-aware' },
      stages: stagesWith({ burn: { micros: 1_000 } }, { before: () => begun++ }),
    })
    const burnt: number[] = []
    vi.spyOn(burning, 'burnIterations').mockImplementation((count) => void burnt.push(count))
    server.bench.startSteady(GAPS)
    // A few are due, and no more as long as the clock stands still.
    server.bench.clock.advance(3 * GAP_NS)
    while (burnt.at(-1) !== 200) server.turn(0)
    expect(burnt.slice(0, -1).every((count) => count === 400)).toBe(true)
    server.bench.clock.advance(micros * GAP_NS)
    const before = begun
    server.turn(0)
    expect(begun - before).toBe(taken)
  },
)
