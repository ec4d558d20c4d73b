import { parentPort, workerData } from 'node:worker_threads'

/** A thread that measures nothing: it says so, throws, ends, sleeps, or answers twice at once. */
const { trouble } = workerData as {
  trouble: 'fails' | 'throws' | 'ends' | 'sleeps' | 'answers twice'
}
switch (trouble) {
  case 'fails':
    parentPort?.postMessage({ kind: 'failed', code: 'lock-stuck', message: 'mutex not released' })
    break
  case 'throws':
    throw new Error('out of luck')
  case 'ends':
    break
  case 'sleeps':
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    break
  case 'answers twice':
    parentPort?.postMessage({ kind: 'first' })
    parentPort?.postMessage({ kind: 'second' })
}
