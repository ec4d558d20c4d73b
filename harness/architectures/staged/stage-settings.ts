import {
  SETTING_ACTIVE_THREADS,
  SETTING_BATCH,
  SETTING_INACTIVE,
  SETTING_WORKING,
  settingsAt,
  type StagedMemory,
} from './staged-memory.ts'

/*
 * Settings of each stage, shared by the pool's threads and, in the warm-up, the controllers. Protocol: active threads
 * and batch are written by the controller's thread only and loaded by the others, each on its own, so an old value is
 * harmless. `working` is a count of permits in use: added on entering a stage, subtracted on leaving; whoever adds above
 * the limit while trying to enter inline subtracts at once.
 */
const INACTIVE_SLEEP_MS = 20

export class StageSettings {
  readonly #words: Int32Array
  readonly #at: readonly number[]

  constructor(memory: StagedMemory) {
    this.#words = new Int32Array(memory.buffer)
    this.#at = Array.from({ length: memory.stageCount }, (_, stage) => settingsAt(memory, stage))
  }

  activeThreads(stage: number): number {
    return Atomics.load(this.#words, this.#at[stage]! + SETTING_ACTIVE_THREADS)
  }

  setActiveThreads(stage: number, count: number): void {
    Atomics.store(this.#words, this.#at[stage]! + SETTING_ACTIVE_THREADS, count)
  }

  /** Most requests taken from the stage's queue at once. */
  batch(stage: number): number {
    return Atomics.load(this.#words, this.#at[stage]! + SETTING_BATCH)
  }

  setBatch(stage: number, count: number): void {
    Atomics.store(this.#words, this.#at[stage]! + SETTING_BATCH, count)
  }

  /** A thread of the stage's own pool begins a batch. */
  enter(stage: number): void {
    Atomics.add(this.#words, this.#at[stage]! + SETTING_WORKING, 1)
  }

  /** Whether fewer threads are at work in the stage than it has: a hint. */
  hasPermit(stage: number): boolean {
    return Atomics.load(this.#words, this.#at[stage]! + SETTING_WORKING) < this.activeThreads(stage)
  }

  /** Takes a permit of the stage, unless as many threads as it has are at work in it. */
  tryEnter(stage: number): boolean {
    const at = this.#at[stage]!
    if (Atomics.add(this.#words, at + SETTING_WORKING, 1) < this.activeThreads(stage)) return true
    Atomics.sub(this.#words, at + SETTING_WORKING, 1)
    return false
  }

  leave(stage: number): void {
    Atomics.sub(this.#words, this.#at[stage]! + SETTING_WORKING, 1)
  }

  /** How a thread waits that the controller does not use: apart from the others, so that no signal is lost on it. */
  sleepInactive(): void {
    Atomics.wait(this.#words, this.#at[0]! + SETTING_INACTIVE, 0, INACTIVE_SLEEP_MS)
  }
}
