import { parentPort, workerData } from 'node:worker_threads'

/** Longest sleep of a thread under test: whoever sleeps over its work stays away longer than `runThreads` waits. */
export const LONG_SLEEP_MS = 20_000

interface StartData {
  readonly line: Int32Array
  readonly threadCount: number
}

/** Waits until all threads of the test have come this far, so that they really run at the same time. */
export function waitForOthers(): void {
  const { line, threadCount } = workerData as StartData
  if (Atomics.add(line, 0, 1) + 1 === threadCount) Atomics.notify(line, 0)
  for (;;) {
    const arrived = Atomics.load(line, 0)
    if (arrived >= threadCount) return
    Atomics.wait(line, 0, arrived)
  }
}

/** What this thread was started with. */
export function dataOfThread<Data>(): Data {
  return workerData as Data
}

/** Ends the thread's part. */
export function answer(value: unknown): void {
  parentPort?.postMessage(value)
}

const SPINS = 500
const NOBODY = new Int32Array(new SharedArrayBuffer(4))

/** Waits for a thread that may need this one's processor: at first by pausing. */
export function pauseOrYield(tries: number): void {
  if (tries < SPINS) Atomics.pause()
  else Atomics.wait(NOBODY, 0, 0, 0.01)
}

/** Widens the window between two steps of a protocol, by another length each time. */
export function dawdle(step: number): void {
  for (let pause = (step * 7) % 23; pause > 0; pause--) Atomics.pause()
}
