import { GCProfiler, getHeapSpaceStatistics, getHeapStatistics } from 'node:v8'
import { HeapChurn } from '../../harness/work/thread-work.ts'
import { answer, dataOfThread } from '../shared-memory/start-line.ts'

/** A thread that makes objects, in calls of so many. */
export interface ChurnThread {
  readonly objects: number
  readonly kept: number
  readonly calls: number
}

export interface ChurnAnswer {
  readonly bytesPerObject: number
  readonly youngCollections: number
  /** By which the old generation grew. */
  readonly oldBytes: number
}

/** Until its code is compiled. */
const WARM_UP_CALLS = 200

const { objects, kept, calls } = dataOfThread<ChurnThread>()

function oldBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')!
    .space_used_size
}

function allocatedBytes(): number {
  return (getHeapStatistics() as unknown as { total_allocated_bytes: number }).total_allocated_bytes
}

const warm = new HeapChurn(objects, 0)
for (let call = 0; call < WARM_UP_CALLS; call++) warm.churn()
const churn = new HeapChurn(objects, kept)
const profiler = new GCProfiler()
profiler.start()
const oldBefore = oldBytes()
const allocatedBefore = allocatedBytes()
for (let call = 0; call < calls; call++) churn.churn()
const allocated = allocatedBytes() - allocatedBefore
const grown = oldBytes() - oldBefore
const { statistics } = profiler.stop()
answer({
  bytesPerObject: allocated / (calls * objects),
  youngCollections: statistics.filter(({ gcType }) => gcType === 'Scavenge').length,
  oldBytes: grown,
} satisfies ChurnAnswer)
