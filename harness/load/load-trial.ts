import { createRecorder, type RecorderMemory, TOTAL } from '../measure/recorder-layout.ts'
import { ClassRecorder, Recorder } from '../measure/recorder.ts'
import { Schedule } from '../workload/schedule.ts'
import { createTrace } from '../workload/trace.ts'
import { keySpaceOf } from '../workload/known-records.ts'
import type { Trace, PortTrace } from '../workload/trace-layout.ts'
import { type LoadPlan, type LoadResult, type LoadAnswers, noAnswers } from './load-plan.ts'
import { RequestTexts } from './reply-check.ts'
import { SteadyUsage, TrialFaults } from './steady-usage.ts'

/** What a client of either loop keeps of the plan that it plays, for all ports. */
export class LoadTrial {
  readonly plan: LoadPlan
  readonly warmUp: Trace
  readonly steady: Trace
  readonly texts: RequestTexts
  readonly usage = new SteadyUsage()
  readonly faults = new TrialFaults()
  /** Aborted when the client is closed while it plays. */
  readonly closing = new AbortController()

  /** Draws the traces: about 0.3 µs per request. */
  constructor(plan: LoadPlan) {
    const keySpace = keySpaceOf(plan.steady.workload)
    this.plan = plan
    this.warmUp = createTrace({ ...plan.warmUp, keySpace })
    this.steady = createTrace({ ...plan.steady, keySpace })
    this.texts = new RequestTexts(plan.steady.workload)
  }

  /** What came of it: what only the loop knows, and the rest. */
  result(own: Pick<LoadResult, 'ports' | 'lateness' | 'busySeconds' | 'drainNs'>): LoadResult {
    const { wrong, lost, connectionErrors, firstConnectionError } = this.faults
    return {
      ...own,
      warmUpHash: this.warmUp.hash,
      steadyHash: this.steady.hash,
      cpuSeconds: this.usage.cpuSeconds(),
      wrong,
      lost,
      connectionErrors,
      firstConnectionError,
    }
  }
}

/** One port's part of a trace as its clients play it, and where its answers and latencies go. */
export class PlayedTrace {
  readonly trace: PortTrace
  readonly schedule: Schedule
  readonly memory: RecorderMemory
  readonly recorder: Recorder
  /** Null where no class of requests is named. */
  readonly classRecorder: ClassRecorder | null
  /** But for the number of those played, which `answers` tells. */
  readonly remembered: LoadAnswers
  /** Requests due from this instant on are not sent. */
  endNs = Number.POSITIVE_INFINITY
  /** Sent and not refused. */
  received = 0
  refused = 0
  /** When the oldest request was due that was sent and will not be answered. */
  oldestLostNs = Number.POSITIVE_INFINITY

  /** @param windowCount of its recorder. @param inFlight requests of the port at most. */
  constructor(trace: Trace, port: number, windowCount: number, inFlight: number) {
    this.trace = trace.ports[port]!
    this.schedule = new Schedule(this.trace, trace.cycleGaps)
    this.memory = createRecorder(windowCount, trace.order.workload.classes?.names.length)
    this.recorder = new Recorder(this.memory)
    const { classes } = this.memory
    this.classRecorder = classes && new ClassRecorder(classes, this.trace.classes, inFlight)
    this.remembered = noAnswers(this.trace.count)
  }

  start(startNs: number, endNs: number, nsPerGap: number): void {
    this.endNs = endNs
    this.recorder.begin(startNs)
    this.schedule.start(startNs, nsPerGap)
  }

  /** Whether something is due that was not sent, or will be. */
  isLeft(): boolean {
    return this.schedule.nextDueNs < this.endNs
  }

  /** Requests due and not sent; for rare use. */
  backlog(nowNs: number): number {
    // What is due at the end itself belongs to no phase; the schedule would count it.
    return this.schedule.dueCount(Math.min(nowNs, this.endNs - 1))
  }

  /** A request was sent whose answer is not waited for any more. */
  lose(position: number, dueNs: number): void {
    this.remembered.uncertain[position]!++
    this.oldestLostNs = Math.min(this.oldestLostNs, dueNs)
  }

  /** Writes the totals of a phase that has ended. @param inFlight what is given up. */
  finish(nowNs: number, inFlight: number): void {
    const { recorder, schedule } = this
    const isLeft = this.isLeft()
    const oldestNs = isLeft ? Math.min(this.oldestLostNs, schedule.nextDueNs) : this.oldestLostNs
    recorder.totals[TOTAL.received] = this.received
    recorder.totals[TOTAL.refused] = this.refused
    recorder.totals[TOTAL.played] = schedule.played()
    recorder.totals[TOTAL.inFlight] = inFlight
    recorder.totals[TOTAL.neverReceived] = isLeft ? this.backlog(nowNs) : 0
    recorder.totals[TOTAL.oldestUnansweredNs] = Math.max(0, nowNs - oldestNs)
    recorder.totals[TOTAL.finished] = 1
  }

  answers(): LoadAnswers {
    return { ...this.remembered, played: this.schedule.played() }
  }
}
