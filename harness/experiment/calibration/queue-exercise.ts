import { BoundedQueue } from '../../shared-memory/bounded-queue.ts'
import { type IdlePolicy, IdleStrategy } from '../../shared-memory/idle-strategy.ts'
import type { Exercise, ExerciseParts } from './exercise.ts'
import { STOP } from './pair-memory.ts'

/** What the staged server's threads spin before they look at the clock again; no matter here. */
const SPIN_NS = 50_000

/**
 * A value through one queue of the staged server and back through another: mutex, condition, idle strategy and all. A
 * sample is a round trip.
 */
export function createQueueExercise(
  { memory, clock, awake, counters }: ExerciseParts,
  role: 'leader' | 'follower',
  policy: IdlePolicy,
): Exercise {
  const there = new BoundedQueue(memory.queueThere, clock, awake, counters)
  const back = new BoundedQueue(memory.queueBack, clock, awake, counters)
  const [out, into] = role === 'leader' ? [there, back] : [back, there]
  const idle = new IdleStrategy(
    { policy, spinNs: SPIN_NS, moderationNs: 0, earlyNs: 0 },
    awake,
    clock,
  )
  const pushed = new Int32Array(1)
  const popped = new Int32Array(1)
  const send = (value: number): void => {
    pushed[0] = value
    out.tryPushBatch(pushed, 0, 1)
  }
  const receive = (): number => {
    while (into.tryPopBatch(popped, 1) === 0) idle.wait(into.notEmpty, into)
    return popped[0]!
  }
  return {
    lead(untilNs, samples) {
      for (let nowNs = clock.nowNs(); ;) {
        const startNs = nowNs
        send(0)
        receive()
        nowNs = clock.nowNs()
        samples.add(nowNs - startNs)
        if (nowNs >= untilNs || samples.isFull) break
      }
      send(STOP)
      receive()
    },
    follow() {
      for (let value = 0; value !== STOP;) {
        value = receive()
        send(value)
      }
    },
  }
}
