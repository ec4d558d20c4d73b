import { SpscConsumer, SpscProducer } from '../../shared-memory/spsc-ring.ts'
import type { Exercise, ExerciseParts } from './exercise.ts'
import { PAIR_CAPACITY, STOP } from './pair-memory.ts'

/** Round trips of a sample: one takes little longer than reading the clock. */
const TRIPS = 64

/** A value through one ring and back through another, both threads spinning. A sample is the mean round trip of 64. */
export function createRingExercise(
  { memory, clock }: ExerciseParts,
  role: 'leader' | 'follower',
): Exercise {
  const isLeader = role === 'leader'
  const [out, into] = isLeader
    ? [memory.ringThere, memory.ringBack]
    : [memory.ringBack, memory.ringThere]
  const producer = new SpscProducer(out, 0, PAIR_CAPACITY)
  const consumer = new SpscConsumer(into, 0, PAIR_CAPACITY)
  const send = (value: number): void => {
    producer.tryPush(value)
    producer.publish()
  }
  const receive = (): number => {
    while (consumer.available() === 0) Atomics.pause()
    const value = consumer.pop()
    consumer.release()
    return value
  }
  return {
    lead(untilNs, samples) {
      for (let nowNs = clock.nowNs(); ;) {
        const startNs = nowNs
        for (let trip = 0; trip < TRIPS; trip++) {
          send(trip)
          receive()
        }
        nowNs = clock.nowNs()
        samples.add((nowNs - startNs) / TRIPS)
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
