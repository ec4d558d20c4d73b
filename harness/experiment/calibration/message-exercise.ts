import type { Exercise, ExerciseParts } from './exercise.ts'
import { STOP } from './pair-memory.ts'

/** A number through a MessagePort and back, both threads on their event loops. A sample is a round trip. */
export function createMessageExercise({ port, clock }: ExerciseParts): Exercise {
  return {
    lead: (untilNs, samples) =>
      new Promise((resolve) => {
        let startNs = clock.nowNs()
        const onMessage = (value: number): void => {
          if (value === STOP) {
            port.off('message', onMessage)
            return resolve()
          }
          const nowNs = clock.nowNs()
          samples.add(nowNs - startNs)
          startNs = nowNs
          port.postMessage(nowNs >= untilNs || samples.isFull ? STOP : value)
        }
        port.on('message', onMessage)
        port.postMessage(0)
      }),
    follow: () =>
      new Promise((resolve) => {
        const onMessage = (value: number): void => {
          port.postMessage(value)
          if (value !== STOP) return
          port.off('message', onMessage)
          resolve()
        }
        port.on('message', onMessage)
      }),
  }
}
