import { parentPort, workerData } from 'node:worker_threads'
import { monotonicOriginNs, ThreadClock } from '../../harness/base/clock.ts'
import { ThreadWork, type WorkMemory } from '../../harness/work/thread-work.ts'

/** A thread that does work of each kind and then never ends by itself. */
const work = new ThreadWork(workerData as WorkMemory, new ThreadClock(monotonicOriginNs()))
for (let request = 0; request < 1_000; request++) {
  work.touch(4)
  work.churn(10, 1)
  work.read(request)
}
parentPort?.postMessage('worked')
// Without the lock of the cache, with which it could be ended.
for (;;) work.touch(4)
