import { parentPort, workerData } from 'node:worker_threads'
import { kernelThreadId } from '../measure/affinity.ts'
import { burnIterations, shareBurn } from '../measure/burn.ts'
import { Control, type ControlMemory } from '../ports/replay/control.ts'

/** What a burner is given. */
export interface BurnerData {
  readonly control: ControlMemory
  readonly burnModule: WebAssembly.Module
}

/** What it tells before it burns. */
export interface BurnerMessage {
  /** The kernel's id of the thread, or null where there is no /proc. */
  readonly threadId: number | null
}

/** Between two looks at the word that ends the trial: some tens of microseconds. */
const ITERATIONS = 10_000

const { control, burnModule } = workerData as BurnerData
shareBurn(burnModule)
const word = new Control(control)
parentPort?.postMessage({ threadId: kernelThreadId() } satisfies BurnerMessage)
while (!word.stopped()) burnIterations(ITERATIONS)
