import type { FetchableRecords, RecordGuard, Step } from '../../contract/architecture.ts'
import type { AwakeThreads } from '../../shared-memory/awake-threads.ts'
import type { BoundedQueue } from '../../shared-memory/bounded-queue.ts'
import type { Condition, WorkProbe } from '../../shared-memory/condition.ts'
import type { Doorbell } from '../../shared-memory/doorbell.ts'
import { type IdleStrategy, LONGEST_PARK_MS } from '../../shared-memory/idle-strategy.ts'
import { PORT_MASK } from '../../shared-memory/phase-layout.ts'
import type { PhaseStamps } from '../../shared-memory/phase-stamps.ts'
import { SLOT_PORT } from '../../shared-memory/request-slab-layout.ts'
import type { RequestView } from '../../shared-memory/request-view.ts'
import type { ThreadCounters } from '../../shared-memory/thread-counters.ts'
import type { StageSettings } from './stage-settings.ts'

/** What a thread of a pool is made of. */
export interface StageThreadParts {
  /** The one stage of its pool (classic), or every stage (fused). */
  readonly stages: readonly number[]
  /** Its place in the pool: a thread whose place is not below the active number sleeps. */
  readonly place: number
  readonly steps: readonly Step[]
  readonly queues: readonly BoundedQueue[]
  readonly replyQueues: readonly BoundedQueue[]
  readonly doorbells: readonly Doorbell[]
  readonly settings: StageSettings
  readonly locks: RecordGuard
  readonly records: FetchableRecords
  readonly view: RequestView
  readonly idle: IdleStrategy
  readonly awake: AwakeThreads
  readonly notEmpty: Condition
  readonly inline: boolean
  readonly counters: ThreadCounters
  readonly stamps: PhaseStamps
  readonly stopped: () => boolean
}

const LARGEST_BATCH = 1_000

/**
 * A thread of a pool: takes a batch from a queue, runs the stage on each request, hands the batch on as a whole. With
 * `inline` it runs the next stage itself when that stage has a free permit (Cassandra, maybeExecuteImmediately).
 */
export class StageThread implements WorkProbe {
  readonly #parts: StageThreadParts
  readonly #view: RequestView
  readonly #records: FetchableRecords
  readonly #locks: RecordGuard
  readonly #batch = new Int32Array(LARGEST_BATCH)
  readonly #ofPort = new Int32Array(LARGEST_BATCH)
  readonly #room: readonly WorkProbe[]
  /** One of the present batch is sampled, and what the thread had waited for locks of the data when it began. */
  #hasSampled = false
  #lockWaitedNs = 0.5

  constructor(parts: StageThreadParts) {
    this.#parts = parts
    this.#view = parts.view
    this.#records = parts.records
    this.#locks = parts.locks
    this.#room = parts.queues.map((queue) => ({ hasWork: () => !queue.isFull() }))
  }

  /** Serves until the trial stops it. */
  run(): void {
    const { stopped, idle, notEmpty } = this.#parts
    while (!stopped()) {
      if (!this.#isActive()) this.#stepAside()
      else if (!this.#serveOnce()) idle.wait(notEmpty, this)
    }
  }

  #isActive(): boolean {
    const { stages, settings, place } = this.#parts
    for (let i = 0; i < stages.length; i++)
      if (place < settings.activeThreads(stages[i]!)) return true
    return false
  }

  /** Sleeps while the controller has no use for this thread. */
  #stepAside(): void {
    const { stages, queues, notEmpty, settings, awake } = this.#parts
    // A signal that this thread got was meant for an active one.
    for (let i = 0; i < stages.length; i++) if (queues[stages[i]!]!.hasWork()) notEmpty.signal()
    awake.remove()
    settings.sleepInactive()
    awake.add()
  }

  /** Whether one of its queues has work and it may take it. */
  hasWork(): boolean {
    const { stages, queues, settings, place } = this.#parts
    for (let i = 0; i < stages.length; i++) {
      const stage = stages[i]!
      if (queues[stage]!.hasWork() && place < settings.activeThreads(stage)) return true
    }
    return false
  }

  // Measured path from here to the end of the class.
  #serveOnce(): boolean {
    const { stages, queues, settings, place, notEmpty } = this.#parts
    // From the last stage to the first: finish before beginning.
    for (let i = stages.length - 1; i >= 0; i--) {
      const stage = stages[i]!
      if (place >= settings.activeThreads(stage)) continue
      const count = queues[stage]!.tryPopBatch(this.#batch, settings.batch(stage))
      if (count === 0) continue
      // A pool that serves several queues is woken for any of them: what is in the others needs another thread.
      if (stages.length > 1 && this.hasWork()) notEmpty.signal()
      this.#hasSampled = this.#view.fetch(this.#batch, 0, count)
      if (this.#hasSampled) this.#beginService(stage, count)
      settings.enter(stage)
      this.#runStage(stage, count)
      settings.leave(stage)
      this.#handOn(stage + 1, count)
      return true
    }
    return false
  }

  #beginService(stage: number, count: number): void {
    const { stamps, counters } = this.#parts
    stamps.waited(this.#batch, 0, count, stage)
    this.#lockWaitedNs = counters.locks.waitedNs
  }

  #endService(count: number): void {
    const { stamps, counters } = this.#parts
    stamps.served(this.#batch, 0, count, counters.locks.waitedNs - this.#lockWaitedNs)
  }

  #handOn(first: number, count: number): void {
    const { steps, inline, settings } = this.#parts
    let stage = first
    for (; inline && stage < steps.length && settings.tryEnter(stage); stage++) {
      this.#runStage(stage, count)
      settings.leave(stage)
    }
    if (this.#hasSampled) this.#endService(count)
    if (stage === steps.length) this.#sendBack(count)
    else this.#push(stage, count)
  }

  #runStage(stage: number, count: number): void {
    const step = this.#parts.steps[stage]!
    if (step.access === 'none')
      return step.runBatch(this.#view, this.#batch, 0, count, this.#records)
    this.#fetch(count)
    step.runGuarded(this.#view, this.#batch, 0, count, this.#records, this.#locks)
  }

  /** Fetches what the keyed stage will touch, for the whole batch: the misses overlap, as they do in a reactor's batch. */
  #fetch(count: number): void {
    const view = this.#view
    const records = this.#records
    for (let i = 0; i < count; i++) {
      view.at(this.#batch[i]!)
      records.fetchBucket(view)
    }
    for (let i = 0; i < count; i++) {
      view.at(this.#batch[i]!)
      records.fetchRecord(view)
    }
  }

  #push(stage: number, count: number): void {
    const queue = this.#parts.queues[stage]!
    let from = queue.tryPushBatch(this.#batch, 0, count)
    // A full queue makes its producer wait. Queues lead to later stages only and the last is never full: no deadlock.
    while (from < count && !this.#parts.stopped()) {
      queue.notFull.park(this.#room[stage]!, LONGEST_PARK_MS)
      from += queue.tryPushBatch(this.#batch, from, count)
    }
    this.#parts.counters.handedOff(count)
  }

  /** Returns finished requests to the owners of their ports, one batch per port. */
  #sendBack(count: number): void {
    const { replyQueues, doorbells, counters } = this.#parts
    const batch = this.#batch
    const ofPort = this.#ofPort
    for (let port = 0; port < replyQueues.length; port++) {
      let length = 0
      for (let i = 0; i < count; i++) {
        this.#view.at(batch[i]!)
        if ((this.#view.get(SLOT_PORT) & PORT_MASK) === port) ofPort[length++] = batch[i]!
      }
      if (length === 0) continue
      replyQueues[port]!.tryPushBatch(ofPort, 0, length)
      doorbells[port]!.ring()
    }
    counters.handedOff(count)
  }
}
