import {
  attachReactor,
  type ShardedDeployment,
} from '../../../harness/architectures/sharded/launch.ts'
import { sharedPolicy } from '../../../harness/shared-memory/idle-strategy.ts'
import { ThreadClock } from '../../../harness/base/clock.ts'
import { type Port, type PortThread, TURN_NOW } from '../../../harness/contract/port.ts'
import type { Stage } from '../../../harness/contract/stage.ts'
import { TOTAL } from '../../../harness/measure/recorder-layout.ts'
import { Control, PHASE_STEADY_STATE } from '../../../harness/ports/replay/control.ts'
import { FRAME_ID } from '../../../harness/ports/replay/frame-codec.ts'
import { driveReplay } from '../../../harness/ports/replay/replay-driver.ts'
import type { ReplayPortMemory } from '../../../harness/ports/replay/playback.ts'
import { ReplayPort } from '../../../harness/ports/replay/replay-port.ts'
import { compileSteps } from '../../../harness/server/compile-steps.ts'
import { createPhaseMemory } from '../../../harness/shared-memory/phase-layout.ts'
import { PhaseStamps } from '../../../harness/shared-memory/phase-stamps.ts'
import { RequestView } from '../../../harness/shared-memory/request-view.ts'
import { INSTANTS_PER_CYCLE } from '../../../harness/workload/trace-layout.ts'
import { STEP_CONTEXT } from '../../ports/replay/bench.ts'
import { answer, dataOfThread, waitForOthers } from '../../shared-memory/start-line.ts'
import { attachThreadParts, type ThreadPartsMemory } from '../../shared-memory/thread-parts.ts'
import { COUNTER_STAGES } from '../counter-stages.ts'

/** One reactor of a server on real threads; that of shard 0 has the requests and says how long each took. */
export interface HotPeerThread {
  readonly shard: number
  readonly deployment: ShardedDeployment
  readonly memory: ReplayPortMemory
  readonly parts: ThreadPartsMemory
  readonly originNs: bigint
  /** How long the requests are due, and in how many gaps. */
  readonly steadyNs: number
  readonly gaps: number
  /** The shard whose thread sleeps so long over each of its requests. */
  readonly hotShard: number
  readonly serviceMs: number
}

/** By position in the trace, of shard 0. */
export interface HotPeerAnswer {
  /** From the due instant to the reply; not a number where there was none. */
  readonly latencies: Float64Array
  /** From the due instant to the first turn that found it over: what the machine, not the server, made the request wait. */
  readonly toTurn: Float64Array
}

const LEAD_NS = 20_000_000
const LONGEST_NS = 20_000_000_000

const own = dataOfThread<HotPeerThread>()
const { shard, memory, deployment } = own
const clock = new ThreadClock(own.originNs)
const { awake, counters } = attachThreadParts(own.parts, shard)
const control = new Control(memory.control)
const replayPort = new ReplayPort(memory, clock)
const view = new RequestView(memory.slab)
const nobody = new Int32Array(new SharedArrayBuffer(4))

const latencies = new Float64Array(memory.playbacks[PHASE_STEADY_STATE].trace.requests.length)
latencies.fill(Number.NaN)
const toTurn = new Float64Array(latencies.length)
/** Requests that were due in some turn: they are in order. */
let begun = 0
const dueNs = new Float64Array(latencies.length)
const answered: number[] = []

/** The replay port, and a histogram of the test's own. */
const port: Port = {
  begin: () => replayPort.begin(),
  cell: replayPort.cell,
  read: () => replayPort.read(),
  receive: (target, limit) => replayPort.receive(target, limit),
  hasSampled: () => false,
  isLate: (slot) => replayPort.isLate(slot),
  lateFromNs: (slot, target, at) => replayPort.lateFromNs(slot, target, at),
  refuse: (slots, from, to) => replayPort.refuse(slots, from, to),
  reply: (slots, from, to) => {
    for (let i = from; i < to; i++) {
      view.at(slots[i]!)
      answered.push(view.get(FRAME_ID) - 1)
    }
    replayPort.reply(slots, from, to)
  },
  flush: () => {
    replayPort.flush()
    const nowNs = clock.nowNs()
    for (const position of answered) latencies[position] = nowNs - dueNs[position]!
    answered.length = 0
  },
  inFlight: () => replayPort.inFlight(),
  nextDueNs: (target, at) => replayPort.nextDueNs(target, at),
}

/** The counter's, and a thread that sleeps for what it does at the hot shard: that takes no processor from the others. */
const stages = COUNTER_STAGES.map((stage): Stage => {
  if (!('run' in stage) || stage.name !== 'apply' || shard !== own.hotShard) return stage
  return {
    ...stage,
    run: (request, records) => {
      Atomics.wait(nobody, 0, 0, own.serviceMs)
      stage.run(request, records)
    },
  }
})
const idle = { policy: sharedPolicy('park'), spinNs: 0, moderationNs: 0, earlyNs: 0 } as const
const { thread: reactor, doorbell } = attachReactor(deployment, {
  slab: memory.slab,
  steps: compileSteps(stages, STEP_CONTEXT),
  clock,
  awake,
  counters,
  stamps: new PhaseStamps(createPhaseMemory(0, 0, 0), memory.slab, clock),
  shard,
  port,
  firstSlot: memory.firstSlot,
  slotCount: memory.slotCount,
  burnIterationsPerMicro: 1,
})

/** The reactor, with the first turn noted that each request of shard 0 could be taken in. */
const thread: PortThread = {
  isHeldUp: () => reactor.isHeldUp(),
  nextTimerNs: (target, at) => reactor.nextTimerNs(target, at),
  turn: () => {
    const nowNs = port.cell[TURN_NOW]!
    for (; shard === 0 && begun < dueNs.length && dueNs[begun]! <= nowNs; begun++)
      toTurn[begun] = nowNs - dueNs[begun]!
    return reactor.turn()
  },
}

waitForOthers()
if (shard === 0) {
  const startNs = clock.nowNs() + LEAD_NS
  const { instants } = memory.playbacks[PHASE_STEADY_STATE].trace
  instants.forEach((instant, position) => {
    dueNs[position] = startNs + (instant / INSTANTS_PER_CYCLE) * own.steadyNs
  })
  control.setLoad(own.steadyNs / own.gaps, startNs + own.steadyNs)
  control.startPhase(PHASE_STEADY_STATE, startNs)
}
const { totals } = memory.playbacks[PHASE_STEADY_STATE].recorder
const untilNs = clock.nowNs() + LONGEST_NS
const stopped = () => {
  if (shard !== 0) return control.stopped()
  if (totals[TOTAL.finished] === 1 && replayPort.inFlight() === 0) return true
  return clock.nowNs() > untilNs
}
driveReplay(thread, { port: replayPort, doorbell, idle, awake, clock, counters, stopped })
control.stop()
replayPort.publish()
answer({ latencies, toTurn } satisfies HotPeerAnswer)
