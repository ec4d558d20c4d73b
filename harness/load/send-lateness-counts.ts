import { FINE_BUCKETS, fineBucket } from '../measure/buckets.ts'
import type { SendLateness } from './load-plan.ts'

/** Counts how late requests were sent, over all ports. */
export class SendLatenessCounts implements SendLateness {
  readonly fine = new Int32Array(FINE_BUCKETS)
  maxNs = 0

  /** A request could have been sent at `readyNs` and was sent at `sentNs`. */
  count(readyNs: number, sentNs: number): void {
    const lateNs = Math.max(0, sentNs - readyNs)
    this.fine[fineBucket(lateNs)]!++
    if (lateNs > this.maxNs) this.maxNs = lateNs
  }
}
