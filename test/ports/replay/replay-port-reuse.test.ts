import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TOTAL_NAMES } from '../../../harness/measure/recorder-layout.ts'
import { idOf } from '../../../harness/ports/replay/answer-check.ts'
import {
  PHASE_REHEARSAL,
  PHASE_STEADY_STATE,
  PHASE_WARM_UP,
  PLAYED_PHASES,
} from '../../../harness/ports/replay/control.ts'
import { FRAME_ID } from '../../../harness/ports/replay/frame-codec.ts'
import { type Bench, createBench, GAP_NS } from './bench.ts'

const CYCLE = 64

/** One trial, whatever was played before it. */
interface Played {
  readonly seed: number
  readonly cycle: number
  readonly window: number
  readonly sampleRun: number
  readonly isMaximum: boolean
  /** Turns before the steady state; null where there is no such phase. */
  readonly warmUp: readonly Turn[] | null
  readonly rehearsal: readonly Turn[] | null
  readonly steady: readonly Turn[]
  readonly gaps: number
  /** The backlog is given up. */
  readonly isClosed: boolean
}

/** Time passes, requests are received, and some of those in flight are answered. */
interface Turn {
  readonly gaps: number
  readonly limit: number
  readonly pick: number
  readonly answers: number
  readonly publishes: boolean
}

const turns = fc.array(
  fc.record({
    gaps: fc.nat(6),
    limit: fc.nat(6),
    pick: fc.nat(),
    answers: fc.nat(4),
    publishes: fc.boolean(),
  }),
  { maxLength: 25 },
)

const trials: fc.Arbitrary<Played> = fc.record({
  seed: fc.nat(1_000),
  cycle: fc.constantFrom(8, 16, 32, CYCLE),
  window: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 1, max: 8 })),
  sampleRun: fc.constantFrom(0, 1, 2, 4),
  isMaximum: fc.boolean(),
  warmUp: fc.option(turns),
  rehearsal: fc.option(turns),
  steady: turns,
  gaps: fc.integer({ min: 1, max: 150 }),
  isClosed: fc.boolean(),
})

/** Ids in the frames of the slots. */
function receivedBy(bench: Bench, slots: readonly number[]): number[] {
  return slots.map((slot) => {
    bench.view.at(slot)
    return bench.view.get(FRAME_ID)
  })
}

/** Plays a trial to its end and tells everything that can be seen of it. */
function playTrial(bench: Bench, trial: Played) {
  const port = bench.ports[0]!
  const { control, clock } = bench
  const held: number[] = []
  const seen: unknown[] = []
  const nsPerGap = trial.isMaximum ? 0 : GAP_NS
  const answer = (pick: number, count: number) => {
    const taken = held.splice(held.length === 0 ? 0 : pick % held.length, count)
    bench.reply(taken)
  }
  const receive = (limit: number) => {
    const slots = bench.receive(limit)
    seen.push(receivedBy(bench, slots))
    bench.serve(slots, 1 + (seen.length % 3))
    held.push(...slots)
    expect(port.inFlight()).toBe(held.length)
    expect(held.length).toBeLessThanOrEqual(trial.window)
  }
  const play = (course: readonly Turn[]) => {
    for (const { gaps, limit, pick, answers, publishes } of course) {
      clock.advance(gaps * GAP_NS)
      receive(limit)
      seen.push(bench.nextDueNs() - clock.nowNs(), port.longestParkMs())
      answer(pick, answers)
      if (publishes) port.publish()
    }
  }
  bench.load(bench.draw(trial.seed, trial.cycle))
  control.setPorts(trial.window, trial.sampleRun)
  clock.advance(GAP_NS)
  control.setLoad(nsPerGap)
  for (const [phase, course] of [
    [PHASE_WARM_UP, trial.warmUp],
    [PHASE_REHEARSAL, trial.rehearsal],
  ] as const) {
    if (course === null) continue
    control.startPhase(phase, clock.nowNs())
    play(course)
  }
  bench.startSteady(trial.gaps, nsPerGap)
  play(trial.steady)
  if (trial.isClosed) control.closePorts()
  else clock.advance(trial.gaps * GAP_NS)
  for (let turn = 0; held.length > 0 || bench.total('finished') === 0; turn++) {
    expect(turn).toBeLessThan(10_000)
    answer(0, held.length)
    receive(8)
    clock.advance(GAP_NS)
  }
  port.publish()
  return {
    seen,
    recorded: PLAYED_PHASES.map((phase) => {
      const { recorder, phases } = bench.memories[0]!.playbacks[phase]
      const [kept, left] = phases.counts
      return {
        fine: [...recorder.fine.entries()].filter(([, count]) => count > 0),
        windows: [...recorder.windows.entries()].filter(([, count]) => count > 0),
        maxima: [...recorder.maxima],
        totals: [...recorder.totals],
        sampled: [...phases.records.subarray(0, kept! * phases.recordFloats)],
        left,
      }
    }),
    answers: bench.answers().map(({ played, versions, refusals }) => ({
      played,
      versions: [...versions],
      refusals: [...refusals],
    })),
  }
}

/** The trial is over: the port forgets it. */
function beginAnew(bench: Bench): void {
  bench.control.beginAnew()
  expect(bench.control.readyPorts()).toBe(0)
  expect(bench.receive()).toEqual([])
  expect(bench.receive()).toEqual([])
  expect(bench.control.readyPorts()).toBe(1)
}

test('a port that played other trials before plays each as a fresh one would', () => {
  fc.assert(
    fc.property(
      fc.array(trials, { minLength: 2, maxLength: 5 }),
      fc.integer({ min: 1, max: 8 }),
      fc.constantFrom(0, 3 * GAP_NS),
      (series, permits, deadlineNs) => {
        const settings = { permits, deadlineNs, cycle: CYCLE, waits: 1 }
        const reused = createBench(settings)
        for (const [index, trial] of series.entries()) {
          if (index > 0) beginAnew(reused)
          const fresh = createBench(settings)
          expect(playTrial(reused, trial)).toEqual(playTrial(fresh, trial))
        }
      },
    ),
  )
})

test('between two trials a port receives nothing, publishes nothing and counts itself as ready once', () => {
  const bench = createBench({ portCount: 2, permits: 4 })
  bench.startSteady(8)
  bench.clock.advance(20 * GAP_NS)
  for (const port of [0, 1]) {
    for (let turn = 0; bench.total('finished', PHASE_STEADY_STATE, port) === 0; turn++) {
      expect(turn).toBeLessThan(20)
      const slots = bench.receive(4, port)
      bench.serve(slots)
      bench.reply(slots, port)
    }
    bench.ports[port]!.publish()
  }
  expect(bench.total('received') + bench.total('received', PHASE_STEADY_STATE, 1)).toBe(8)
  bench.control.beginAnew()
  expect(bench.receive(4, 1)).toEqual([])
  expect(bench.control.readyPorts()).toBe(1)
  expect(bench.receive(4, 0)).toEqual([])
  expect(bench.control.readyPorts()).toBe(2)
  bench.load(bench.draw(2, 32))
  const cleared = bench.memories.map(({ playbacks }) =>
    PLAYED_PHASES.map((phase) => [...playbacks[phase].recorder.totals]),
  )
  for (let turn = 0; turn < 5; turn++) {
    bench.clock.advance(20 * GAP_NS)
    for (const port of [0, 1]) {
      expect(bench.receive(4, port)).toEqual([])
      expect(bench.nextDueNs(port)).toBe(Number.POSITIVE_INFINITY)
      bench.ports[port]!.publish()
    }
  }
  expect(bench.control.readyPorts()).toBe(2)
  const now = bench.memories.map(({ playbacks }) =>
    PLAYED_PHASES.map((phase) => [...playbacks[phase].recorder.totals]),
  )
  expect(now).toEqual(cleared)
  expect(now[0]![0]!.length).toBe(TOTAL_NAMES.length)
})

test.each([
  [1, 1],
  [3, 3],
  [8, 8],
  [20, 8],
  [Number.POSITIVE_INFINITY, 8],
])('with a window of %d a port of 8 slots has %d requests in flight at most', (window, most) => {
  const bench = createBench({ permits: 8 })
  bench.control.setPorts(window, 1)
  bench.startSteady()
  bench.clock.advance(30 * GAP_NS)
  const first = bench.receive(64)
  expect(receivedBy(bench, first)).toEqual(Array.from({ length: most }, (_, at) => idOf(at)))
  expect(bench.receive(64)).toEqual([])
  expect(bench.ports[0]!.inFlight()).toBe(most)
  // Nothing is due for a driver that waits: only a reply makes room.
  expect(bench.nextDueNs()).toBe(Number.POSITIVE_INFINITY)
  bench.serve(first)
  bench.reply(first.slice(0, 1))
  expect(receivedBy(bench, bench.receive(64))).toEqual([idOf(most)])
  expect(bench.total('wrong')).toBe(0)
})

test('each trial has a window and a run of samples of its own', () => {
  const bench = createBench({ permits: 8, waits: 1 })
  const inFlight = (window: number) => {
    bench.control.setPorts(window, 1)
    bench.startSteady(16)
    bench.clock.advance(30 * GAP_NS)
    const slots = bench.receive(64)
    for (let held = slots; held.length > 0; held = bench.receive(64)) {
      bench.serve(held)
      bench.reply(held)
    }
    bench.control.beginAnew()
    bench.receive()
    bench.load(bench.trace)
    return slots.length
  }
  expect([2, 8, 5, Number.POSITIVE_INFINITY, 1].map(inFlight)).toEqual([2, 8, 5, 8, 1])
})

test.each([
  [0, 64],
  [1, 2],
])('with runs of %d of 64 requests %d are stamped', (run, stamped) => {
  const bench = createBench({ permits: 8, waits: 1 })
  bench.control.setPorts(Number.POSITIVE_INFINITY, run)
  bench.startSteady(64)
  bench.clock.advance(70 * GAP_NS)
  for (let held = bench.receive(64); held.length > 0; held = bench.receive(64)) {
    bench.serve(held)
    bench.reply(held)
  }
  expect(bench.memories[0]!.playbacks[PHASE_STEADY_STATE].phases.counts[0]).toBe(stamped)
})

test('while a port waits for a phase or has nothing left its thread sleeps for 2 ms at most', () => {
  const bench = createBench()
  const port = bench.ports[0]!
  expect(port.longestParkMs()).toBe(2)
  bench.startSteady(2)
  bench.receive()
  expect(port.longestParkMs()).toBeGreaterThan(2)
  bench.clock.advance(5 * GAP_NS)
  bench.receive()
  expect(bench.total('finished')).toBe(1)
  expect(port.longestParkMs()).toBe(2)
  bench.control.beginAnew()
  bench.receive()
  expect(port.longestParkMs()).toBe(2)
})
