import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { burnModule } from '../measure/burn.ts'
import type { ControlMemory } from '../ports/replay/control.ts'
import type { BurnerData, BurnerMessage } from './burner.worker.ts'
import type { TrialContext } from './measured.ts'

/**
 * Threads that are none of the server's and burn all the time that they get, as many as the workload says, on whichever of
 * the run's processors the kernel puts them: the same for both architectures. Being this process's own they are not foreign
 * to it, and being none of the server's threads they cost no request anything but time.
 */
export class BurnerThreads {
  readonly #place: TrialContext
  readonly #control: ControlMemory
  readonly #workers: Worker[] = []
  readonly #threadIds: number[] = []

  constructor(place: TrialContext, control: ControlMemory) {
    this.#place = place
    this.#control = control
  }

  /** Returns when all of them burn. Each ends by itself when the trial does. */
  async start(): Promise<void> {
    const { workload, cpus, setAffinity } = this.#place
    const data: BurnerData = { control: this.#control, burnModule: burnModule() }
    for (let burner = 0; burner < (workload.burners ?? 0); burner++) {
      const worker = new Worker(new URL('burner.worker.ts', import.meta.url), {
        name: `burner-${burner}`,
        workerData: data,
      })
      this.#workers.push(worker)
      const [{ threadId }] = (await once(worker, 'message')) as [BurnerMessage]
      if (threadId === null) continue
      this.#threadIds.push(threadId)
      setAffinity?.(threadId, cpus)
    }
  }

  /** Kernel ids. */
  get threadIds(): readonly number[] {
    return this.#threadIds
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }
}
