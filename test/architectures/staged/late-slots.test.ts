import { expect, test } from 'vitest'
import type { Stage } from '../../../harness/contract/stage.ts'
import { StageSettings } from '../../../harness/architectures/staged/staged-memory.ts'
import { GAP_NS } from '../../ports/replay/bench.ts'
import { createPool, type PoolSettings } from './pool-bench.ts'

const GAPS = 100
const DEADLINE_NS = 10 * GAP_NS
/** In `COUNTER_STAGES`: decode, route, apply (the first keyed one), encode. */
const FIRST_KEYED = 2

/** A server with a deadline of ten gaps, most of it one thread a stage; all requests come to port 0 unless it says otherwise. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- inferred from the bench
function lateBench(settings: Partial<PoolSettings> = {}, options = '') {
  const server = createPool({
    ...settings,
    options: `:deadlineMillis=1:threads=1${options}`,
    bench: { permits: 64, deadlineNs: DEADLINE_NS, ...settings.bench },
  })
  const { bench } = server
  const both = (name: 'received' | 'refused' | 'wrong' | 'inFlight') => {
    for (const port of bench.ports) port.publish()
    return bench.total(name, 3, 0) + bench.total(name, 3, 1)
  }
  const turnNetworks = () => bench.ports.forEach((_, port) => server.turnNetwork(port))
  /** One turn of the stage's only thread. */
  const turnStage = (stage: number) => server.turnPool(server.threadsOf(stage)[0]!.thread)
  const settingsOf = new StageSettings(server.deployment.memory)
  return {
    ...server,
    both,
    turnNetworks,
    turnStage,
    lateAt: (stage: number) => settingsOf.late(stage),
  }
}

test.each([0, 1, FIRST_KEYED])(
  'what is late when it leaves the queue of stage %i is refused by its port, and by nobody before',
  (stage) => {
    const { bench, turnNetworks, turnStage, lengths, replyQueues, both, lateAt, finish } =
      lateBench()
    bench.startSteady(GAPS)
    bench.clock.advance(8 * GAP_NS)
    turnNetworks()
    for (let before = 0; before < stage; before++) turnStage(before)
    const taken = lengths()[stage]!
    expect(taken).toBeGreaterThan(4)
    bench.clock.advance(5 * GAP_NS)
    turnStage(stage)
    const late = replyQueues.reduce((sum, queue) => sum + queue.length(), 0)
    expect(late).toBeGreaterThan(0)
    expect(late).toBeLessThan(taken)
    // The others went on.
    expect(lengths()[stage + 1]).toBe(taken - late)
    expect([both('refused'), both('received'), both('inFlight'), lateAt(stage)]).toEqual([
      0,
      taken,
      taken,
      late,
    ])
    // No time passes: what the ports refuse now is what the pool found.
    turnNetworks()
    expect(both('refused')).toBe(late)
    expect(bench.completed(3, 0) + bench.completed(3, 1)).toBe(0)
    expect(finish(GAPS)).toBe(true)
    expect([both('received') + both('refused'), both('wrong'), both('inFlight')]).toEqual([
      GAPS,
      0,
      0,
    ])
    expect(bench.completed(3, 0) + bench.completed(3, 1)).toBe(both('received'))
  },
)

test('what a record knows is answered, however late it is', () => {
  const { bench, turnNetworks, turnStage, both, lateAt, verdict, finish } = lateBench()
  bench.startSteady(8)
  bench.clock.advance(8 * GAP_NS)
  turnNetworks()
  for (const stage of [0, 1, FIRST_KEYED]) turnStage(stage)
  bench.clock.advance(1_000 * GAP_NS)
  turnStage(FIRST_KEYED + 1)
  expect(finish(GAPS)).toBe(true)
  expect([both('refused'), both('received'), lateAt(FIRST_KEYED + 1)]).toEqual([0, 8, 0])
  expect(bench.completed(3, 0) + bench.completed(3, 1)).toBe(8)
  expect(verdict()).toBeUndefined()
})

test('without a deadline nothing is refused and nothing is written down', () => {
  const { bench, deployment, turnNetwork, finish } = createPool({ bench: { permits: 64 } })
  expect(deployment.memory.lateFromNs).toBeNull()
  bench.startSteady(GAPS)
  bench.clock.advance(50 * GAP_NS)
  turnNetwork(0)
  bench.clock.advance(1_000 * GAP_NS)
  expect(finish(GAPS)).toBe(true)
  expect(bench.completed(3, 0) + bench.completed(3, 1)).toBe(GAPS)
})

test.each([
  '',
  ':layout=fused',
  ':layout=fused:inline=off',
  ':queueCapacity=2:batch=3',
  ':batch=0',
])(
  'staged%s: refused slots are used again, and what comes in them is answered or refused by its own time',
  (options) => {
    const { bench, turnNetworks, pool, turnPool, both, verdict, finish } = lateBench(
      { bench: { permits: 8 } },
      options,
    )
    bench.startSteady(GAPS)
    // The pool stands still for five rounds of eight, longer than the deadline.
    for (let round = 0; round < 40; round++) {
      bench.clock.advance(3 * GAP_NS)
      turnNetworks()
      if (round % 8 >= 3) continue
      for (const { thread } of pool) if (thread.hasWork()) turnPool(thread)
    }
    expect(finish(GAPS)).toBe(true)
    expect(both('refused')).toBeGreaterThan(0)
    expect(bench.completed(3, 0) + bench.completed(3, 1)).toBeGreaterThan(0)
    expect([both('received') + both('refused'), both('wrong'), both('inFlight')]).toEqual([
      GAPS,
      0,
      0,
    ])
    expect(bench.completed(3, 0) + bench.completed(3, 1)).toBe(both('received'))
    expect(verdict()).toBeUndefined()
  },
)

test('where no stage is keyed any may be the one that finds a request late', () => {
  const stages: readonly Stage[] = [
    { name: 'decode', codec: 'decode' },
    { name: 'answer', codec: 'encode', run: (request) => request.reply(0, 0, 0) },
  ]
  const { bench, turnNetworks, turnStage, both, lateAt } = lateBench({ stages })
  bench.startSteady(8)
  bench.clock.advance(8 * GAP_NS)
  turnNetworks()
  turnStage(0)
  bench.clock.advance(100 * GAP_NS)
  turnStage(1)
  turnNetworks()
  expect([both('refused'), both('inFlight'), lateAt(1)]).toEqual([8, 0, 8])
})

test('what has waited for a timer in the middle of its stage goes on; what has not begun it is refused', () => {
  const stages: readonly Stage[] = [
    { name: 'decode', codec: 'decode' },
    { name: 'device', wait: { micros: 20 }, run: () => {} },
    { name: 'answer', codec: 'encode', run: (request) => request.reply(0, 0, 0) },
  ]
  const { bench, turnNetworks, turnStage, timer, lengths, both, lateAt } = lateBench(
    { stages },
    ':waits=async',
  )
  bench.startSteady(8)
  bench.clock.advance(4 * GAP_NS)
  turnNetworks()
  turnStage(0)
  const begun = lengths()[1]!
  turnStage(1)
  expect(lengths()[1]).toBe(0)
  timer!.serveOnce()
  bench.clock.advance(4 * GAP_NS)
  turnNetworks()
  turnStage(0)
  const notBegun = lengths()[1]!
  bench.clock.advance(100 * GAP_NS)
  timer!.serveOnce()
  // First those that are back, then the stage's own queue.
  turnStage(1)
  turnStage(1)
  expect(begun + notBegun).toBe(8)
  expect([lateAt(1), lengths()[2]]).toEqual([notBegun, begun])
  turnNetworks()
  expect([both('refused'), both('inFlight')]).toEqual([notBegun, begun])
})
